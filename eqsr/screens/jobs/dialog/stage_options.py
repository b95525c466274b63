"""The stages that the dialog offers."""

from dataclasses import dataclass

from eqsr.connections import job_lookup
from eqsr.connections.models import AtsJob, Connection, HiringStage
from eqsr.connections.stage_mirror import mirror_stages
from eqsr.jobs import service
from eqsr.jobs.models import Job, StageLink
from eqsr.screens.jobs.backfill import DEFAULT_DAYS
from eqsr.screens.jobs.dialog.backfill_preview import BackfillPreview, is_at, preview
from eqsr.screens.jobs.dialog.out_of_reach import sentence_of
from eqsr.screens.jobs.stage_labels import by_status


@dataclass(frozen=True)
class StageOptions:
    """The stage chooser for ``ats_job``: stages by status, the id of the one picked before, and
    what else is connected to the same job. ``trouble``: why there are no stages. ``preview``
    once a stage is picked."""

    ats_job: AtsJob | None
    groups: list[tuple[str, list[HiringStage]]]
    picked: str
    others: list[StageLink]
    trouble: str = ""
    preview: BackfillPreview | None = None


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
            trouble = sentence_of(error)
        stages = job_lookup.stages(connection.id)
    others = service.also_connected(job, ats_job) if ats_job else []
    picked = picked or _watched(link, ats_job, stages)
    stage = next((one for one in stages if str(one.id) == picked), None)
    effect = None
    if ats_job is not None and stage is not None:
        effect = preview(job, connection, ats_job, stage, link, days)
    return StageOptions(ats_job, by_status(stages), picked, others, trouble, effect)


def _watched(link: StageLink | None, ats_job: AtsJob | None, stages: list[HiringStage]) -> str:
    """The id of the stage that ``link`` watches, if it is one of this SmartRecruiters job."""
    if link is None or ats_job is None:
        return ""
    return next((str(one.id) for one in stages if is_at(link, ats_job, one)), "")
