"""Tables of emails and of pauses in which the mail server accepts none."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, enum_column, id_column
from eqsr.core.db import Base


class MailState(StrEnum):
    """The states of an email. ACCEPTED: by the mail server; BOUNCED: returned after that."""

    QUEUED = "queued"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    BOUNCED = "bounced"


class Mail(Base):
    """One email. It is composed from ``kind`` and ``subject_id`` when it is sent.

    ``message_id`` is fixed when the row is inserted. So if a crash sends an email twice, mail
    programs show it once.
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
    # Since when the recipient's server answers "try again later"; see mail.retry_schedule.
    failing_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # How often this email made the server refuse us, or was returned through no fault of the
    # address; see mail.server_pause and service.returned.
    refusals: Mapped[int] = mapped_column(default=0, server_default="0")


class MailPause(Base):
    """A pause of all sending, because the mail server accepts none of our email. At most one row.

    ``ours``: the server refuses us as a sender; else it is unreachable or overloaded. ``said``:
    its answer. ``tries``: number of refusals so far. ``probe_at``: when the next email is tried.
    """

    __tablename__ = "mail_pause"

    id: Mapped[uuid.UUID] = id_column()
    name: Mapped[str] = mapped_column(String(20), unique=True)
    ours: Mapped[bool]
    said: Mapped[str] = mapped_column(Text)
    began_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    tries: Mapped[int] = mapped_column(default=0)
    probe_at: Mapped[datetime] = mapped_column(UTCDateTime)
