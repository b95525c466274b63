"""Members of job teams, and invitations to join an organisation."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eqsr.accounts.models import Organisation, Role, User
from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, enum_column, id_column
from eqsr.core.db import Base
from eqsr.jobs.models import Job


class JobMember(Base):
    """A user on a job's team. Reviewers see only the jobs whose team they are on."""

    __tablename__ = "job_member"
    __table_args__ = (UniqueConstraint("job_id", "user_id"),)

    id: Mapped[uuid.UUID] = id_column()
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("job.id"))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    added_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    job: Mapped[Job] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])


class TeamInvitation(Base):
    """An email address invited to an organisation; inviting it again renews the row.

    Only the hash of the token is stored; the token is made when the email is sent.
    """

    __tablename__ = "team_invitation"
    __table_args__ = (UniqueConstraint("organisation_id", "email"),)

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[Role] = enum_column(Role)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    invited_by: Mapped[User | None] = relationship(foreign_keys=[invited_by_id])
