"""Sweeps: comparing one place in SmartRecruiters with our data, page by page."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, enum_column, id_column
from eqsr.core.db import Base


class SweepKind(StrEnum):
    """What a sweep compares: the callbacks log, one stage, or results that should be shown."""

    CALLBACKS = "callbacks"
    STAGE = "stage"
    RESULTS = "results"


class Sweep(Base):
    """One sweep of one place.

    Each page is work of its own, so a rate limit postpones one page and not the whole sweep.
    ``page``: where the next page begins (a page id, or a moment in the callbacks log).
    ``looked_at`` and ``found`` count what the sweep read, and what we had missed.
    """

    __tablename__ = "sweep"
    __table_args__ = (Index("ix_sweep_connection", "connection_id", "kind", "started_at"),)

    id: Mapped[uuid.UUID] = id_column()
    connection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("connection.id"))
    kind: Mapped[SweepKind] = enum_column(SweepKind)
    stage_link_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stage_link.id"))
    # A thorough sweep checks everyone in the stage, not only people who changed since the last one.
    thorough: Mapped[bool] = mapped_column(default=False)
    page: Mapped[str | None] = mapped_column(String(1000))
    looked_at: Mapped[int] = mapped_column(default=0)
    found: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
