"""Candidates' requests about their own result, with the answers."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eqsr.accounts.models import User
from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, enum_column, id_column
from eqsr.core.db import Base
from eqsr.invitations.models import Invitation


class RequestKind(StrEnum):
    """``REVIEW`` asks for a person to review the result, ``ERASURE`` for its deletion."""

    REVIEW = "review"
    ERASURE = "erasure"


class CandidateRequest(Base):
    """One request. An invitation has at most one open request of each kind."""

    __tablename__ = "candidate_request"
    __table_args__ = (Index("ix_candidate_request_invitation", "invitation_id", "asked_at"),)

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation.id"))
    wish: Mapped[RequestKind] = enum_column(RequestKind)
    text: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))

    invitation: Mapped[Invitation] = relationship(lazy="joined")
    answered_by: Mapped[User | None] = relationship(lazy="joined")
