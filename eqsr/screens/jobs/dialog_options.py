"""The options of the Connect dialog: SmartRecruiters jobs and stages."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from eqsr.connections import job_lookup, search
from eqsr.connections.models import AtsJob, Connection, HiringStage
from eqsr.connections.stage_count import Present
from eqsr.connections.stage_mirror import mirror_stages
from eqsr.core.messages import N_
from eqsr.jobs import service
from eqsr.jobs.models import Job, StageLink
from eqsr.screens.jobs.backfill import DEFAULT_DAYS
from eqsr.screens.jobs.backfill import preview as count_present
from eqsr.smartrecruiters.types.stages import Stage

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class JobMatches:
    """The jobs that the search for ``text`` found, and the ``chosen`` job.

    ``complete``: all of SmartRecruiters' jobs are mirrored. ``trouble``: a sentence, or empty.
    """

    text: str
    jobs: Sequence[AtsJob]
    chosen: AtsJob | None
    complete: bool
    trouble: str = ""
    limit: int = search.MAX_JOBS

    @property
    def rows(self) -> list[AtsJob]:
        """The jobs to list; the chosen one comes first if the search did not find it."""
        chosen = [self.chosen] if self.chosen is not None else []
        return [one for one in chosen if one not in self.jobs] + list(self.jobs)

    @property
    def only_chosen(self) -> bool:
        """Whether the list holds only the chosen job, because nothing was searched since."""
        return self.chosen is not None and not self.text and list(self.jobs) == [self.chosen]


@dataclass(frozen=True)
class StageOptions:
    """The stage chooser for ``ats_job``: stages by status, the id of the one picked before, and
    what else is connected to the same job. ``trouble``: why there are no stages. ``foresight``
    once a stage is picked."""

    ats_job: AtsJob | None
    groups: list[tuple[str, list[HiringStage]]]
    picked: str
    others: list[StageLink]
    trouble: str = ""
    foresight: "BackfillPreview | None" = None


@dataclass(frozen=True)
class BackfillPreview:
    """The effect of connecting a stage.

    ``twins``: other jobs' connections to the same stage. ``own``: this job already watches it.
    ``only_in``: the hiring processes that have the stage, if not all do. ``key`` identifies what
    was previewed: the stage and the number of days.
    """

    ats_job: AtsJob
    stage: HiringStage
    present: Present
    days: int
    twins: list[StageLink]
    own: bool
    only_in: str

    @property
    def key(self) -> str:
        """See preview_key."""
        return preview_key(self.ats_job, self.stage, self.days)


def look_up(connection: Connection, text: str, chosen: AtsJob | None = None) -> JobMatches:
    """Search the mirror; ask SmartRecruiters for an id that the mirror does not hold."""
    complete = connection.jobs_synced_at is not None
    if chosen is not None and not text:
        return JobMatches(text, [chosen], chosen, complete)
    if not job_lookup.has_id(text):
        return JobMatches(text, search.search_jobs(connection.id, text), chosen, complete)
    try:
        found = job_lookup.find_job(connection, text)
    except job_lookup.OUT_OF_REACH as error:
        return JobMatches(text, [], chosen, complete, _sentence(error))
    return JobMatches(text, [found] if found else [], chosen, complete)


def stages_for(
    job: Job,
    connection: Connection,
    ats_job: AtsJob | None,
    picked: str = "",
    link: StageLink | None = None,
    days: int = DEFAULT_DAYS,
) -> StageOptions:
    """The stages to choose from, read from SmartRecruiters if the mirror has none yet.

    ``link`` is the connection that is being changed.
    """
    trouble = ""
    stages = job_lookup.stages(connection.id)
    if not stages:
        try:
            mirror_stages(connection.id, for_page=True)
        except job_lookup.OUT_OF_REACH as error:
            trouble = _sentence(error)
        stages = job_lookup.stages(connection.id)
    others = service.also_connected(job, ats_job) if ats_job else []
    picked = picked or _watched(link, ats_job, stages)
    stage = next((one for one in stages if str(one.id) == picked), None)
    foresight = None
    if ats_job is not None and stage is not None:
        foresight = preview(job, connection, ats_job, stage, link, days)
    return StageOptions(ats_job, by_status(stages), picked, others, trouble, foresight)


def preview(
    job: Job,
    connection: Connection,
    ats_job: AtsJob,
    stage: HiringStage,
    link: StageLink | None,
    days: int,
) -> BackfillPreview | None:
    """The effect of connecting ``stage``; None if ``link`` already watches it."""
    if link is not None and _is_at(link, ats_job, stage):
        return None
    twins = [one for one in service.also_connected(job, ats_job) if _is_at(one, ats_job, stage)]
    own = any(_is_at(one, ats_job, stage) for one in job.active_links)
    present = count_present(connection, ats_job, stage, days)
    only_in = _only_in(stage, job_lookup.stages(connection.id))
    return BackfillPreview(ats_job, stage, present, days, twins, own, only_in)


def preview_key(ats_job: AtsJob, stage: HiringStage, days: int) -> str:
    """Identifies a preview in the form: the stage and the number of days."""
    return f"{ats_job.id}:{stage.id}:{days}"


def same_stage(key: str, other: str) -> bool:
    """Whether two preview keys are of the same stage, for any number of days."""
    return key.rpartition(":")[0] == other.rpartition(":")[0]


def by_status(stages: list[HiringStage]) -> list[tuple[str, list[HiringStage]]]:
    """Stages grouped by the label of their status, in order."""
    grouped = groupby(stages, lambda stage: stage.status)
    return [(Stage(status).label, list(members)) for status, members in grouped]


def _only_in(stage: HiringStage, stages: list[HiringStage]) -> str:
    """Names of the hiring processes that have the stage, empty if all do.

    SmartRecruiters does not say which process a job uses, but the recruiter knows.
    """
    known = {name for one in stages for name in one.processes}
    return ", ".join(stage.processes) if len(stage.processes) < len(known) else ""


def stage_label(place: StageLink | HiringStage) -> str:
    """A stage for people, such as ``In review: Phone screen``."""
    return Stage(place.status, place.sub_status or None).label


def _watched(link: StageLink | None, ats_job: AtsJob | None, stages: list[HiringStage]) -> str:
    """The id of the stage that ``link`` watches, if it is one of this SmartRecruiters job."""
    if link is None or ats_job is None:
        return ""
    return next((str(one.id) for one in stages if _is_at(link, ats_job, one)), "")


def _is_at(link: StageLink, ats_job: AtsJob, stage: HiringStage) -> bool:
    place = (link.ats_job_id, link.status, link.sub_status)
    return place == (ats_job.id, stage.status, stage.sub_status)


def _sentence(error: Exception) -> str:
    log.warning("SmartRecruiters was not to be had for the dialog: %s", error)
    fallback = N_("SmartRecruiters can't be asked at the moment. Tell your administrator.")
    return getattr(error, "sentence", fallback)
