"""Log how a customer's stages changed since they were last read."""

from typing import Any

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections.models import Connection, HiringStage
from eqsr.smartrecruiters.types.stages import Stage

# Stages that one line of the activity log names.
MAX_NAMED = 10


def note_changes(
    connection: Connection, before: list[HiringStage], after: list[dict[str, Any]]
) -> None:
    """Log which stages were added, removed, reordered or taken out of a process."""
    old = [Stage(one.status, one.sub_status or None) for one in before]
    new = [Stage(one["status"], one["sub_status"] or None) for one in after]
    if not old:
        return
    made = [stage for stage in new if stage not in old]
    gone = [stage for stage in old if stage not in new]
    ours = connection.organisation_id
    if made:
        activity.log(
            ActivityKind.STAGES_MADE, ours, connection_id=connection.id, stages=_labels(made)
        )
    if gone:
        activity.log(
            ActivityKind.STAGES_GONE, ours, connection_id=connection.id, stages=_labels(gone)
        )
    left = _left_a_process(before, after)
    if left:
        activity.log(
            ActivityKind.STAGES_LEFT_PROCESS,
            ours,
            connection_id=connection.id,
            stages=_labels(left),
        )
    if [stage for stage in old if stage in new] != [stage for stage in new if stage in old]:
        activity.log(ActivityKind.STAGES_REORDERED, ours, connection_id=connection.id)


def _left_a_process(before: list[HiringStage], after: list[dict[str, Any]]) -> list[Stage]:
    """Stages that are still there, but that a hiring process which had them has no more."""
    now = {(row["status"], row["sub_status"]): set(row["process_ids"]) for row in after}
    return [
        Stage(one.status, one.sub_status or None)
        for one in before
        if set(one.process_ids) - now.get((one.status, one.sub_status), set(one.process_ids))
    ]


def _labels(stages: list[Stage]) -> str:
    named = ", ".join(stage.label for stage in stages[:MAX_NAMED])
    return f"{named}, …" if len(stages) > MAX_NAMED else named
