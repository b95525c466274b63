"""The inbox of events, each as it arrived."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, enum_column, id_column
from eqsr.core.db import Base


class EventSource(StrEnum):
    """How an event reached us: delivered, or read from SmartRecruiters' callbacks log."""

    WEBHOOK = "webhook"
    CALLBACKS_LOG = "callbacks_log"


class WebhookEvent(Base):
    """One event. The unique constraint stops a repeated delivery from being stored again.

    ``signed_at``: by SmartRecruiters' clock, when this delivery of it was signed; None for one that
    was not delivered.
    """

    __tablename__ = "webhook_event"
    __table_args__ = (
        UniqueConstraint("connection_id", "event_id"),
        Index("ix_webhook_event_received", "connection_id", "received_at"),
    )

    id: Mapped[uuid.UUID] = id_column()
    connection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("connection.id"))
    event_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(100))
    body: Mapped[str] = mapped_column(Text)
    source: Mapped[EventSource] = enum_column(EventSource, default=EventSource.WEBHOOK)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    processed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # The outcome in words for operators, such as "decided" or "job not connected".
    outcome: Mapped[str | None] = mapped_column(String(100))
