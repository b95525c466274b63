"""Tables of durable work and of circuit breakers."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, enum_column, id_column
from eqsr.core.db import Base


class WorkState(StrEnum):
    """The states of a row of work. WAITING: parked until its connection is repaired."""

    DUE = "due"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class Work(Base):
    """One piece of work, inserted in the transaction of its cause.

    ``claims`` counts how often a worker claimed the row and is the fence: only the latest claim
    may record the outcome. ``failures`` counts failed attempts; waiting for a limit is not one.
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
    # The connection whose limits and breaker apply; no foreign key, so that rows can be deleted in
    # any order.
    connection_id: Mapped[uuid.UUID | None]
    # Unique among rows that nobody claimed yet, so that the same work is not enqueued twice.
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
    """The circuit breaker of a connection whose calls get no answer; see outbox.breakers.

    ``since`` is when the trouble began. The breaker is open until ``closed_at`` is set. The row
    stays after that, so that trouble that returns soon is probed less often. ``reason`` is
    ``timeout``, ``cut``, ``no_connection``, ``tls`` or a status such as ``503``.
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
