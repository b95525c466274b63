"""What the Connect dialog offers: SmartRecruiters jobs that were found, and stages."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from eqsr.connections import search
from eqsr.connections.counts import Present
from eqsr.connections.models import AtsJob, Connection, HiringStage
from eqsr.connections.stage_mirror import mirror_stages
from eqsr.core.messages import N_
from eqsr.jobs import service
from eqsr.jobs.models import Job, StageLink
from eqsr.screens.jobs.backfill import DEFAULT_DAYS
from eqsr.screens.jobs.backfill import preview as foresee_present
from eqsr.smartrecruiters.types import Stage

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class JobMatches:
    """The list of jobs: what was looked for, and the job that is ``chosen``.

    ``complete``: all of SmartRecruiters' jobs have been read. ``trouble``: a sentence, or empty.
    """

    text: str
    jobs: Sequence[AtsJob]
    chosen: AtsJob | None
    complete: bool
    trouble: str = ""
    limit: int = search.MAX_JOBS

    @property
    def rows(self) -> list[AtsJob]:
        """What the list shows: the chosen one first, if the search did not find it."""
        chosen = [self.chosen] if self.chosen is not None else []
        return [one for one in chosen if one not in self.jobs] + list(self.jobs)

    @property
    def only_chosen(self) -> bool:
        """Nothing was looked for since the job was chosen."""
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
    """What connecting this stage would lead to. ``twins``: connections of other jobs to the very
    same stage; ``own``: this job watches it already; ``only_in``: the hiring processes that have
    the stage, if not all do; ``key`` says what was looked at: the stage, and how far back."""

    ats_job: AtsJob
    stage: HiringStage
    present: Present
    days: int
    twins: list[StageLink]
    own: bool
    only_in: str

    @property
    def key(self) -> str:
        return preview_key(self.ats_job, self.stage, self.days)


def look_up(connection: Connection, text: str, chosen: AtsJob | None = None) -> JobMatches:
    """Search the mirror; an id that it doesn't hold is asked of SmartRecruiters."""
    complete = connection.jobs_synced_at is not None
    if chosen is not None and not text:
        return JobMatches(text, [chosen], chosen, complete)
    if not search.has_id(text):
        return JobMatches(text, search.search_jobs(connection.id, text), chosen, complete)
    try:
        found = search.find_job(connection, text)
    except search.OUT_OF_REACH as error:
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
    """The stages to choose from; asked of SmartRecruiters where the mirror has none yet. ``link``
    is the connection that is being changed."""
    trouble = ""
    stages = search.stages(connection.id)
    if not stages:
        try:
            mirror_stages(connection.id, for_page=True)
        except search.OUT_OF_REACH as error:
            trouble = _sentence(error)
        stages = search.stages(connection.id)
    others = service.also_connected(job, ats_job) if ats_job else []
    picked = picked or _watched(link, ats_job, stages)
    stage = next((one for one in stages if str(one.id) == picked), None)
    foresight = ats_job and stage and preview(job, connection, ats_job, stage, link, days)
    return StageOptions(ats_job, by_status(stages), picked, others, trouble, foresight)


def preview(
    job: Job,
    connection: Connection,
    ats_job: AtsJob,
    stage: HiringStage,
    link: StageLink | None,
    days: int,
) -> BackfillPreview | None:
    """None for the stage that ``link`` watches already: of it, nothing begins anew."""
    if link is not None and _is_at(link, ats_job, stage):
        return None
    twins = [one for one in service.also_connected(job, ats_job) if _is_at(one, ats_job, stage)]
    own = any(_is_at(one, ats_job, stage) for one in job.active_links)
    present = foresee_present(connection, ats_job, stage, days)
    only_in = _only_in(stage, search.stages(connection.id))
    return BackfillPreview(ats_job, stage, present, days, twins, own, only_in)


def preview_key(ats_job: AtsJob, stage: HiringStage, days: int) -> str:
    return f"{ats_job.id}:{stage.id}:{days}"


def same_stage(key: str, other: str) -> bool:
    """Two keys of what was foreseen, however far back that was."""
    return key.rpartition(":")[0] == other.rpartition(":")[0]


def by_status(stages: list[HiringStage]) -> list[tuple[str, list[HiringStage]]]:
    """Stages by the label of the status that they belong to, in order."""
    grouped = groupby(stages, lambda stage: stage.status)
    return [(Stage(status).label, list(members)) for status, members in grouped]


def _only_in(stage: HiringStage, stages: list[HiringStage]) -> str:
    """The hiring processes that have the stage, if others don't. Which one a job uses,
    SmartRecruiters does not say, but the recruiter knows."""
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
