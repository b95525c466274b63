"""Tables of the activity log and of audit entries."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, id_column
from eqsr.core.db import Base


class Activity(Base):
    """One event or decision.

    activity.sentences turns ``kind`` and ``facts`` into a sentence in the reader's language.
    """

    __tablename__ = "activity"
    __table_args__ = (
        Index("ix_activity_application", "application_id", "at"),
        Index("ix_activity_connection", "connection_id", "at"),
        Index("ix_activity_job", "job_id", "at"),
    )

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    kind: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    connection_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("connection.id"))
    application_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("application.id"))
    job_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("job.id"))


class AuditEntry(Base):
    """One action of a user: who did what to what, and from which address (``address``).

    ``facts``: values to show with it. ``organisation_id`` is None where no account is known.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_organisation", "organisation_id", "at"),
        Index("ix_audit_entry_subject", "subject_id"),
    )

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    action: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[uuid.UUID | None]
    address: Mapped[str] = mapped_column(String(60), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
