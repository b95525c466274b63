"""The table of target ranges."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, id_column
from eqsr.core.db import Base


class TargetRange(Base):
    """A scale that matters for a job: it seeks stens ``least`` to ``most`` for this ``reason``."""

    __tablename__ = "sought_range"
    __table_args__ = (
        UniqueConstraint("job_id", "instrument", "scale"),
        CheckConstraint("1 <= least AND least <= most AND most <= 10", name="stens"),
        CheckConstraint("reason <> ''", name="reasoned"),
    )

    id: Mapped[uuid.UUID] = id_column()
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("job.id"))
    instrument: Mapped[str] = mapped_column(String(60))
    scale: Mapped[str] = mapped_column(String(60))
    least: Mapped[int]
    most: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    @property
    def key(self) -> tuple[str, str]:
        """Ids of the instrument and the scale."""
        return self.instrument, self.scale
