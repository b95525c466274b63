"""An organisation's own comparison groups, and which group each job's scores are compared with."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, id_column
from eqsr.core.db import Base


class LocalNorm(Base):
    """An organisation's own group as it was on one day. It never changes; a later one has a new
    version.

    ``scales``: scale -> {n, mean, sd} of raw scores.
    """

    __tablename__ = "local_norm"
    __table_args__ = (UniqueConstraint("organisation_id", "instrument", "version"),)

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    instrument: Mapped[str] = mapped_column(String(60))
    instrument_version: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    people: Mapped[int]
    scales: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class JobNorm(Base):
    """The norm of a job, set at its first score or by a user. Only a user changes it.

    ``norm_id`` is one of the instrument's own, or "local" with the version of a LocalNorm.
    """

    __tablename__ = "job_norm"
    __table_args__ = (UniqueConstraint("job_id", "instrument", "instrument_version"),)

    id: Mapped[uuid.UUID] = id_column()
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("job.id"))
    instrument: Mapped[str] = mapped_column(String(60))
    instrument_version: Mapped[str] = mapped_column(String(20))
    norm_id: Mapped[str] = mapped_column(String(80))
    norm_version: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class DefaultNorm(Base):
    """The norm of an organisation's new jobs, if it is not the instrument's default."""

    __tablename__ = "default_norm"
    __table_args__ = (UniqueConstraint("organisation_id", "instrument", "instrument_version"),)

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    instrument: Mapped[str] = mapped_column(String(60))
    instrument_version: Mapped[str] = mapped_column(String(20))
    norm_id: Mapped[str] = mapped_column(String(80))
    norm_version: Mapped[str] = mapped_column(String(20))
