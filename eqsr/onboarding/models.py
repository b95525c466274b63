"""Links by which a customer's admin connects SmartRecruiters."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eqsr.accounts.models import Organisation
from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, id_column
from eqsr.core.db import Base


class OnboardingLink(Base):
    """One onboarding link. Only the hash of its token is stored.

    Each ``*_at`` is the first time that the event happened. ``run`` is the run of the connection
    (Connection.run) that the link's credential started; other runs do not concern this link.
    ``used_at`` is when the last step was taken, which ends the link.
    """

    __tablename__ = "onboarding_link"

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    admin_email: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    mailed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    consented_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    credentials_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # The latest failure, cleared when the next attempt begins.
    failed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failure: Mapped[str | None] = mapped_column(Text)
    connected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    run: Mapped[int | None]
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship(lazy="joined")
