"""Work that must not be lost."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eqsr.core.clock import now
from eqsr.core.db import Base, UTCDateTime, enum_column, id_column


class WorkState(StrEnum):
    DUE = "due"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class Work(Base):
    """One thing to do, written in the transaction of its cause.

    ``claims`` counts how often a worker took it and is the fence: only the latest claim may
    record the outcome. ``failures`` counts tries that failed; waiting for a limit is none.
    WAITING is work that only a repaired connection can move on.
    """

    __tablename__ = "work"
    __table_args__ = (
        Index("ix_work_state_due", "state", "due_at"),
        Index("ix_work_subject", "kind", "subject_id"),
        Index("ix_work_connection_state", "connection_id", "state"),
    )

    id: Mapped[uuid.UUID] = id_column()
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[uuid.UUID]
    # Whose limits and troubles it shares; no foreign key, so that a purge needs no order.
    connection_id: Mapped[uuid.UUID | None]
    # At most one open row may have it: "this is already going to be done".
    open_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    state: Mapped[WorkState] = enum_column(WorkState, default=WorkState.DUE)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dispatched_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    claims: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Breaker(Base):
    """The circuit breaker of a connection whose calls are not answered; see outbox.breakers.

    ``since`` is when the trouble began. The breaker is open until ``closed_at`` is set; then the
    row stays, so that trouble that comes back soon is probed less often. ``reason`` is ``timeout``,
    ``cut``, ``no_connection``, ``tls`` or a status such as ``503``.
    """

    __tablename__ = "breaker"

    id: Mapped[uuid.UUID] = id_column()
    connection_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(String(40))
    endpoint: Mapped[str] = mapped_column(String(200), default="")
    probes: Mapped[int] = mapped_column(default=0)
    probe_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
