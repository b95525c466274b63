"""What other platforms have sent."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, id_column
from eqsr.core.db import Base


class PlatformEvent(Base):
    """Something that was taken in, once: sent again, it gets the same answer."""

    __tablename__ = "platform_event"
    __table_args__ = (UniqueConstraint("platform_id", "event_id"),)

    id: Mapped[uuid.UUID] = id_column()
    platform_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("platform.id"))
    event_id: Mapped[str] = mapped_column(String(100))
    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation.id"), index=True)
    # SHA-256 of the body: the same id with another body is a mistake.
    digest: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class PlatformResult(Base):
    """A result that was scored elsewhere, as it came. ``scales``: see partner_api.scale_fields."""

    __tablename__ = "platform_result"

    id: Mapped[uuid.UUID] = id_column()
    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation.id"), unique=True)
    platform: Mapped[str] = mapped_column(String(80))
    scales: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
