"""Every mail we mean to send, and what became of it."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eqsr.clock import now
from eqsr.db import Base, Moment, id_column, word_column


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
    state: Mapped[MailState] = word_column(MailState, default=MailState.QUEUED)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    problem: Mapped[str | None] = mapped_column(Text)
