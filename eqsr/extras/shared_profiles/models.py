"""Profiles shared with guests, who have no account."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eqsr.accounts.models import User
from eqsr.candidates.models import Candidate
from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, id_column
from eqsr.core.db import Base


class ProfileShare(Base):
    """A guest's link to one profile. The token is made when the mail is sent: only a hash of it is
    stored. The guest sees what ``shared_by`` sees, and nothing once that is nothing."""

    __tablename__ = "profile_share"

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    shared_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    shared_by: Mapped[User] = relationship()
    candidate: Mapped[Candidate] = relationship()
