"""What connecting a stage would do: who is there, and what watches it already."""

from dataclasses import dataclass

from eqsr.connections import job_lookup
from eqsr.connections.models import AtsJob, Connection, HiringStage
from eqsr.connections.stage_count import Present
from eqsr.jobs import service
from eqsr.jobs.models import Job, StageLink
from eqsr.screens.jobs.backfill import preview as count_present


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


def preview(
    job: Job,
    connection: Connection,
    ats_job: AtsJob,
    stage: HiringStage,
    link: StageLink | None,
    days: int,
) -> BackfillPreview | None:
    """The effect of connecting ``stage``; None if ``link`` already watches it."""
    if link is not None and is_at(link, ats_job, stage):
        return None
    twins = [one for one in service.also_connected(job, ats_job) if is_at(one, ats_job, stage)]
    own = any(is_at(one, ats_job, stage) for one in job.active_links)
    present = count_present(connection, ats_job, stage, days)
    only_in = _only_in(stage, job_lookup.stages(connection.id))
    return BackfillPreview(ats_job, stage, present, days, twins, own, only_in)


def preview_key(ats_job: AtsJob, stage: HiringStage, days: int) -> str:
    """Identifies a preview in the form: the stage and the number of days."""
    return f"{ats_job.id}:{stage.id}:{days}"


def same_stage(key: str, other: str) -> bool:
    """Whether two preview keys are of the same stage, for any number of days."""
    return key.rpartition(":")[0] == other.rpartition(":")[0]


def _only_in(stage: HiringStage, stages: list[HiringStage]) -> str:
    """Names of the hiring processes that have the stage, empty if all do.

    SmartRecruiters does not say which process a job uses, but the recruiter knows.
    """
    known = {process for one in stages for process in one.process_ids}
    return ", ".join(stage.processes) if len(stage.process_ids) < len(known) else ""


def is_at(link: StageLink, ats_job: AtsJob, stage: HiringStage) -> bool:
    """Whether the link watches this stage of this SmartRecruiters job."""
    place = (link.ats_job_id, link.status, link.sub_status)
    return place == (ats_job.id, stage.status, stage.sub_status)
