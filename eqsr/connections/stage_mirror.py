"""Mirror the stages of a customer's hiring processes."""

import uuid
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqsr.connections import queries
from eqsr.connections.clients import client_for
from eqsr.connections.mirror_rows import mark_unseen, upsert
from eqsr.connections.models import HiringStage
from eqsr.connections.stage_changes import note_changes
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.smartrecruiters.types.stages import STATUSES, HiringProcess, Stage

# Statuses of candidates still under consideration; nobody is invited when rejected or withdrawn.
PIPELINE = tuple(s for s in STATUSES if s not in ("REJECTED", "WITHDRAWN", "TRANSFERRED"))


def mirror_stages(connection_id: uuid.UUID, *, for_page: bool = False) -> int:
    """Mirror the stages of all active hiring processes; return how many there are.

    SmartRecruiters does not say which process a job uses, so they are stored together. Stages that
    have disappeared get ``gone_at``; changes are logged for the connection page. A sub-status has
    no id (SmartRecruiters' OpenAPI, hiring process), so a renamed one counts as gone and a new one.
    Raises SmartRecruitersError and NotConnected.
    """
    client = client_for(queries.get_one(connection_id), for_page=for_page)
    began = now()
    processes = client.hiring_processes()
    rows = [
        {
            "connection_id": connection_id,
            "status": stage.status,
            "sub_status": stage.sub_status or "",
            "processes": names,
            "position": position,
            "made_at": began,
            "seen_at": began,
            "gone_at": None,
        }
        for position, (stage, names) in enumerate(_union(processes))
    ]
    with transaction() as session:
        connection = queries.for_update(connection_id)
        before = _known_stages(session, connection_id)
        if any(stage.seen_at > began for stage in before):
            return len(rows)  # a newer answer was stored while ours was on its way
        upsert(session, HiringStage, rows, ["connection_id", "status", "sub_status"], ("made_at",))
        mark_unseen(session, HiringStage, connection_id, began, gone_at=began)
        note_changes(connection, before, rows)
    return len(rows)


def _known_stages(session: Session, connection_id: uuid.UUID) -> list[HiringStage]:
    """The stages as they were last read, in pipeline order."""
    query = (
        select(HiringStage)
        .where(HiringStage.connection_id == connection_id, HiringStage.gone_at.is_(None))
        .order_by(HiringStage.position)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def _union(processes: Iterable[HiringProcess]) -> list[tuple[Stage, list[str]]]:
    """Each stage once, in pipeline order, with the names of the active processes that have it.

    A plain status has no names: every process has it.
    """
    names: dict[Stage, list[str]] = {}
    for process in processes:
        for stage in process.stages if process.active else ():
            if stage.sub_status and process.name not in names.setdefault(stage, []):
                names[stage].append(process.name)
    stages: list[tuple[Stage, list[str]]] = []
    for status in PIPELINE:
        stages.append((Stage(status), []))
        stages += [(stage, found) for stage, found in names.items() if stage.status == status]
    return stages
