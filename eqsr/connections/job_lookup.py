"""Look up a usable connection, one of its mirrored jobs, and its stages."""

import re
import uuid

from sqlalchemy import ColumnElement, select

from eqsr.connections.clients import NotConnected
from eqsr.connections.job_mirror import mirror_job
from eqsr.connections.models import AtsJob, Connection, ConnectionState, HiringStage
from eqsr.core.db import db
from eqsr.core.encryption import DecryptionError
from eqsr.smartrecruiters.errors.base import SmartRecruitersError

# Errors after which the dialog falls back to the local mirror.
OUT_OF_REACH = (SmartRecruitersError, NotConnected, DecryptionError)

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def connection_of(organisation_id: uuid.UUID) -> Connection | None:
    """Return the organisation's connection if jobs can be connected through it, else None.

    One that needs attention counts too: the mirror still works, and missed moves are found later.
    """
    usable = (ConnectionState.ACTIVE, ConnectionState.NEEDS_ATTENTION)
    return db.session.scalar(
        select(Connection).where(
            Connection.organisation_id == organisation_id, Connection.state.in_(usable)
        )
    )


def find_job(connection: Connection, text: str) -> AtsJob | None:
    """Return the job whose id (a UUID, perhaps within a pasted address) is in ``text``.

    A job that is not mirrored yet is fetched. None if there is no id or no such job. Raises
    OUT_OF_REACH.
    """
    found = _UUID.search(text)
    if not found:
        return None
    ats_id = found.group().lower()
    known = _mirrored(connection.id, AtsJob.ats_id == ats_id)
    return known or mirror_job(connection.id, ats_id, for_page=True)


def has_id(text: str) -> bool:
    """Does ``text`` contain a job's id, as ``find_job`` needs?"""
    return _UUID.search(text) is not None


def job_with(connection_id: uuid.UUID, job_id: uuid.UUID) -> AtsJob | None:
    """Return this connection's job by our own id; None if it is gone from SmartRecruiters."""
    return _mirrored(connection_id, AtsJob.id == job_id)


def _mirrored(connection_id: uuid.UUID, condition: ColumnElement[bool]) -> AtsJob | None:
    return db.session.scalar(
        select(AtsJob).where(
            AtsJob.connection_id == connection_id, AtsJob.gone_at.is_(None), condition
        )
    )


def stages(connection_id: uuid.UUID) -> list[HiringStage]:
    """Return the stages that exist in SmartRecruiters now, in pipeline order."""
    return list(
        db.session.scalars(
            select(HiringStage)
            .where(HiringStage.connection_id == connection_id, HiringStage.gone_at.is_(None))
            .order_by(HiringStage.position)
        )
    )
