"""Mirror the stages of a customer's hiring processes."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

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
            "processes": list(dict.fromkeys(one.name for one in found)),
            "process_ids": sorted(one.ats_id for one in found if one.ats_id),
            "position": position,
            "made_at": began,
            "seen_at": began,
            "gone_at": None,
        }
        for position, (stage, found) in enumerate(_union(processes))
    ]
    with transaction() as session:
        connection = queries.for_update(connection_id)
        before = _known_stages(session, connection_id)
        if any(stage.seen_at > began for stage in before):
            return len(rows)  # a newer answer was stored while ours was on its way
        _begin_again(session, connection_id, rows, began)
        upsert(session, HiringStage, rows, ["connection_id", "status", "sub_status"], ("made_at",))
        mark_unseen(session, HiringStage, connection_id, began, gone_at=began)
        note_changes(connection, before, rows)
    return len(rows)


def _begin_again(
    session: Session, connection_id: uuid.UUID, rows: list[dict[str, Any]], began: datetime
) -> None:
    """Count stages that were gone and are there again as made now (renamed back, made anew)."""
    there = {(row["status"], row["sub_status"]) for row in rows}
    query = select(HiringStage).where(
        HiringStage.connection_id == connection_id, HiringStage.gone_at.is_not(None)
    )
    for stage in session.scalars(query.execution_options(populate_existing=True)):
        if (stage.status, stage.sub_status) in there:
            stage.made_at = began
    session.flush()


def _known_stages(session: Session, connection_id: uuid.UUID) -> list[HiringStage]:
    """The stages as they were last read, in pipeline order."""
    query = (
        select(HiringStage)
        .where(HiringStage.connection_id == connection_id, HiringStage.gone_at.is_(None))
        .order_by(HiringStage.position)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def _union(processes: Iterable[HiringProcess]) -> list[tuple[Stage, list[HiringProcess]]]:
    """Each stage once, in pipeline order, with the active processes that have it.

    A plain status has none: every process has it.
    """
    having: dict[Stage, list[HiringProcess]] = {}
    for process in processes:
        for stage in process.stages if process.active else ():
            if stage.sub_status:
                having.setdefault(stage, []).append(process)
    stages: list[tuple[Stage, list[HiringProcess]]] = []
    for status in PIPELINE:
        stages.append((Stage(status), []))
        stages += [(stage, found) for stage, found in having.items() if stage.status == status]
    return stages
