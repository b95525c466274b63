"""Self-identification, stored apart from everything else, and the reports made from it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, id_column
from eqsr.core.db import Base


class SelfIdentification(Base):
    """What somebody said of themselves. Nothing here leads to a person: ``person`` and
    ``organisation`` are hashes keyed with SECRET_KEY, there is no time, and the rows are in the
    order of those hashes (on SQLite; elsewhere a table is rewritten by its upkeep)."""

    __tablename__ = "self_identification"
    __table_args__ = ({"sqlite_with_rowid": False},)

    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(64), index=True)
    sex: Mapped[str | None] = mapped_column(String(20))
    race: Mapped[str | None] = mapped_column(String(20))


class FairnessBoard(Base):
    """Candidates of this organisation are asked from ``since`` until ``ended_at``."""

    __tablename__ = "fairness_board"

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), unique=True)
    since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class FairnessReport(Base):
    """Rates as they were counted on one day, with small groups left out already.

    A report is made only when several people more have answered, so that comparing its totals with
    the one before tells of no single person; of a small group it may (docs/fairness.md).
    """

    __tablename__ = "fairness_report"

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    answers: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
