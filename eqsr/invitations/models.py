"""Invitations to take a job's assessment, sign-ups by open links, and reminders."""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eqsr.candidates.models import Application
from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, enum_column, id_column
from eqsr.core.db import Base
from eqsr.jobs.models import Job, StageLink

# An invitation can be started until it expires. A candidate who has started has this much longer
# to finish.
TIME_TO_FINISH = timedelta(hours=24)


class InvitationState(StrEnum):
    """How far an invitation got.

    PARTLY_COMPLETED: the time ended before everything was done, and something had been.
    UNDELIVERABLE: no email could reach the candidate. docs/states.md says what ends each.
    """

    QUEUED = "queued"
    SENT = "sent"
    OPENED = "opened"
    STARTED = "started"
    COMPLETED = "completed"
    PARTLY_COMPLETED = "partly_completed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNDELIVERABLE = "undeliverable"


# States in which there may be scores, and people are told of them.
WITH_RESULT = (InvitationState.COMPLETED, InvitationState.PARTLY_COMPLETED)


class Trigger(StrEnum):
    """What made an invitation: a move into a stage, a user, or a job's open link."""

    STAGE = "stage"
    PERSON = "person"
    LINK = "link"


class Invitation(Base):
    """One person's invitation to one assessment of a job.

    A unique constraint keeps a move from inviting twice. A move takes the next ``attempt`` of the
    job and application only if no earlier one was for the same assessment; of two moves at once,
    one finds its number taken. Only a user can invite to the same assessment again.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("job_id", "application_id", "attempt"),
        UniqueConstraint("stage_link_id", "application_id", "attempt"),
        Index("ix_invitation_organisation_state", "organisation_id", "state"),
        Index("ix_invitation_state_expires", "state", "expires_at"),
        # For a job's list and counts, which may cover tens of thousands of invitations.
        Index("ix_invitation_job_queued", "job_id", "queued_at"),
        Index("ix_invitation_job_progress", "job_id", "state", "started_at", "completed_at"),
    )

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("job.id"))
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    stage_link_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stage_link.id"))
    attempt: Mapped[int] = mapped_column(default=1)
    # The stage's assessment when the invitation was made; None: the job's assessment.
    assessment: Mapped[str | None] = mapped_column(String(400))
    trigger: Mapped[Trigger] = enum_column(Trigger)
    state: Mapped[InvitationState] = enum_column(InvitationState, default=InvitationState.QUEUED)
    # Empty once the result was erased.
    email: Mapped[str] = mapped_column(String(320))
    # The language that the candidate chose; None: the job's language.
    language: Mapped[str | None] = mapped_column(String(10))
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # When the clock last ended it with something missing; kept if time is given again.
    partly_completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # The clock ended it after the start, and not the candidate.
    ended_by_clock: Mapped[bool] = mapped_column(default=False, server_default=false())
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    problem: Mapped[str | None] = mapped_column(Text)
    # What caused the problem (mail.faults.Fault).
    fault: Mapped[str | None] = mapped_column(String(20))
    # Set if a user cancelled it: then no move and no sweep queues it again.
    cancelled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    # Generation of the personal link: raising it ends every link sent before.
    link_generation: Mapped[int] = mapped_column(default=0, server_default="0")
    # The person's other invitation to the same assessment that this one's link leads to, after two
    # profiles were merged (merges.joining).
    continued_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("invitation.id"))
    # The person's earlier invitation whose result counts for this one too, and when they agreed.
    result_of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("invitation.id"), index=True)
    result_agreed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Set when the candidate stopped the reminders.
    reminders_stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    job: Mapped[Job] = relationship(lazy="joined")
    application: Mapped[Application] = relationship(lazy="joined")
    stage_link: Mapped[StageLink | None] = relationship()

    @property
    def asks_for(self) -> str:
        """The id of the assessment that this invitation is for."""
        return self.assessment or self.job.assessment

    @property
    def result_at(self) -> datetime | None:
        """When the assessment was completed or, with a part missing, ended; None before."""
        if self.state is InvitationState.PARTLY_COMPLETED:
            return self.partly_completed_at
        return self.completed_at if self.state is InvitationState.COMPLETED else None

    @property
    def erased(self) -> bool:
        """Whether the result was erased; only the invitation's state and times are left."""
        return not self.email


class SignUp(Base):
    """A visitor of a job's open link who has to confirm an address before becoming a candidate.

    Deleted on the day of ``expires_at``, confirmed or not. ``address_key`` is the address in lower
    case. ``mailed_at``: when the limits let its email through; counted against them.
    ``link_generation``: generation of the personal link that confirming led to.
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
    """A reminder that was queued, or skipped in favour of a later one: each happens once.

    ``number``: days after the invitation, or 0 for the reminder before the deadline.
    """

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("invitation_id", "number"),)

    id: Mapped[uuid.UUID] = id_column()
    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation.id"))
    number: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
