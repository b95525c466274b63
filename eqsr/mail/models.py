"""Every mail we mean to send, and what became of it."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eqsr.core.clock import now
from eqsr.core.db import Base, UTCDateTime, enum_column, id_column


class MailState(StrEnum):
    QUEUED = "queued"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    BOUNCED = "bounced"


class Mail(Base):
    """One mail. It is composed when it is sent; ``kind`` and ``subject_id`` say from what.

    ``message_id`` is fixed when the row is written, so a mail that a crash sends twice is one
    mail to the programs that read it.
    """

    __tablename__ = "mail"
    __table_args__ = (Index("ix_mail_subject", "kind", "subject_id"),)

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[uuid.UUID]
    to_address: Mapped[str] = mapped_column(String(320))
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    state: Mapped[MailState] = enum_column(MailState, default=MailState.QUEUED)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str | None] = mapped_column(Text)
    # Since when the recipient's server says "later"; see mail.patience.
    failing_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # How often a server refused us for this mail, though it took others; see mail.pausing.
    refusals: Mapped[int] = mapped_column(default=0, server_default="0")


class MailPause(Base):
    """While it stands, the mail server wants none of our mail, and only a probe asks it again.

    There is at most one. ``ours``: the server refuses us; else it is away, or too busy for
    anybody. ``said`` is its answer; ``tries`` counts the refusals so far.
    """

    __tablename__ = "mail_pause"

    id: Mapped[uuid.UUID] = id_column()
    name: Mapped[str] = mapped_column(String(20), unique=True)
    ours: Mapped[bool]
    said: Mapped[str] = mapped_column(Text)
    began_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    tries: Mapped[int] = mapped_column(default=0)
    probe_at: Mapped[datetime] = mapped_column(UTCDateTime)
