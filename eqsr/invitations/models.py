"""An invitation to take a job's assessment."""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eqsr.candidates.models import Application
from eqsr.core.clock import now
from eqsr.core.db import Base, UTCDateTime, enum_column, id_column
from eqsr.jobs.models import Job, StageLink

# An invitation can be started until it expires. A candidate who has started may finish for this
# much longer.
TIME_TO_FINISH = timedelta(hours=24)


class InvitationState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    OPENED = "opened"
    STARTED = "started"
    COMPLETED = "completed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNDELIVERABLE = "undeliverable"


class Trigger(StrEnum):
    STAGE = "stage"
    PERSON = "person"
    LINK = "link"


class Invitation(Base):
    """Behind "once" stands the unique constraint: a move takes the next ``attempt`` of the job and
    application only if none before was for the same assessment, so of two moves at once one finds
    its number taken. Only a person asks for the same assessment again."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("job_id", "application_id", "attempt"),
        UniqueConstraint("stage_link_id", "application_id", "attempt"),
        Index("ix_invitation_organisation_state", "organisation_id", "state"),
        Index("ix_invitation_state_expires", "state", "expires_at"),
        # A job's list, and its counts, with tens of thousands of invitations.
        Index("ix_invitation_job_queued", "job_id", "queued_at"),
        Index("ix_invitation_job_progress", "job_id", "state", "started_at", "completed_at"),
    )

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("job.id"))
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    stage_link_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stage_link.id"))
    attempt: Mapped[int] = mapped_column(default=1)
    # What the stage asked for when it was made; None: what the job does.
    assessment: Mapped[str | None] = mapped_column(String(400))
    trigger: Mapped[Trigger] = enum_column(Trigger)
    state: Mapped[InvitationState] = enum_column(InvitationState, default=InvitationState.QUEUED)
    # Empty once the result was erased: nothing is ever mailed to it again.
    email: Mapped[str] = mapped_column(String(320))
    # As the candidate chose it; None: as their browser says.
    language: Mapped[str | None] = mapped_column(String(10))
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    problem: Mapped[str | None] = mapped_column(Text)
    # Whose fault the problem is (mail.faults.Fault).
    fault: Mapped[str | None] = mapped_column(String(20))
    # Called off by a person: no move and no sweep takes it up again.
    cancelled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    # Of the personal link: raising it ends every link that is out.
    link_generation: Mapped[int] = mapped_column(default=0, server_default="0")
    # The candidate wants no reminders.
    reminders_stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    job: Mapped[Job] = relationship(lazy="joined")
    application: Mapped[Application] = relationship(lazy="joined")
    stage_link: Mapped[StageLink | None] = relationship()

    @property
    def asks_for(self) -> str:
        """The id of the assessment that this person is to take."""
        return self.assessment or self.job.assessment

    @property
    def erased(self) -> bool:
        """Nothing is left of it but that it was made, and how far it got; see erasing."""
        return not self.email


class SignUp(Base):
    """Somebody came by a job's open link and has yet to confirm the address by its mail. Until
    then it is nobody's candidate; on the day of ``expires_at`` it is deleted, confirmed or not.

    ``address_key`` is the address in small letters. ``mailed_at``: when its mail was let through;
    what is counted against the limits. ``link_generation``: of the link that confirming gave.
    """

    __tablename__ = "sign_up"
    __table_args__ = (
        Index("ix_sign_up_job_created", "job_id", "created_at"),
        Index("ix_sign_up_job_mailed", "job_id", "mailed_at"),
        Index("ix_sign_up_address_mailed", "address_key", "mailed_at"),
        Index("ix_sign_up_expires", "expires_at"),
    )

    id: Mapped[uuid.UUID] = id_column()
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("job.id"))
    first_name: Mapped[str] = mapped_column(String(300))
    last_name: Mapped[str] = mapped_column(String(300))
    email: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[str] = mapped_column(String(320))
    language: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    mailed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    invitation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("invitation.id"), index=True)
    link_generation: Mapped[int] = mapped_column(default=0)

    job: Mapped[Job] = relationship(lazy="joined")


class Reminder(Base):
    """A reminder that was written down, or passed over for a later one: each is made once.

    ``number``: days after the invitation, or 0 for the one before the end.
    """

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("invitation_id", "number"),)

    id: Mapped[uuid.UUID] = id_column()
    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation.id"))
    number: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
