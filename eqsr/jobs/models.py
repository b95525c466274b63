"""Jobs, and the links by which they watch stages of SmartRecruiters jobs."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eqsr.accounts.models import Organisation
from eqsr.connections.models import AtsJob
from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, enum_column, id_column
from eqsr.core.db import Base
from eqsr.core.folding import cut, folded, folded_type, keeps_folded


class JobKind(StrEnum):
    """How candidates come to a job: from SmartRecruiters, or by an open link."""

    ATS = "ats"
    LINK = "link"


class JobState(StrEnum):
    """A draft is not connected yet; a closed job invites nobody."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Job(Base):
    """An assessment for a vacancy, made by a recruiter."""

    __tablename__ = "job"

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    # The title, folded: by which jobs are found and sorted.
    search: Mapped[str] = mapped_column(folded_type(800), default="")
    kind: Mapped[JobKind] = enum_column(JobKind)
    # Ids of the instruments, in the order in which they are taken; see instruments.catalogue.
    assessment: Mapped[str] = mapped_column(String(400))
    state: Mapped[JobState] = enum_column(JobState, default=JobState.DRAFT)
    days_to_finish: Mapped[int] = mapped_column(default=14)
    # Candidates who have not started are reminded this many days after the invitation, and this
    # many hours before its end (0: no such reminder).
    reminder_days: Mapped[list[int]] = mapped_column(JSON, default=lambda: [3])
    reminder_hours: Mapped[int] = mapped_column(default=48)
    # Whether reports are attached to the applications in SmartRecruiters.
    attach_report: Mapped[bool] = mapped_column(default=False)
    # Language of its emails; '': the organisation's.
    language: Mapped[str] = mapped_column(String(5), default="")
    # The invitation in the organisation's own words: {subject, greeting, body}, with placeholders
    # (invitations.wording); None: the standard ones.
    mail_words: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    # Address for candidates' questions; None: the organisation's.
    contact_email: Mapped[str | None] = mapped_column(String(254))
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    organisation: Mapped[Organisation] = relationship()
    stage_links: Mapped[list["StageLink"]] = relationship(
        order_by="StageLink.created_at", back_populates="job"
    )

    @property
    def active_links(self) -> list["StageLink"]:
        """The stages that the job watches now."""
        return [link for link in self.stage_links if link.ended_at is None]


keeps_folded(Job, "search", lambda row: cut(folded(row.title or ""), 800))


class StageLink(Base):
    """A stage that a job watches: candidates moved to it are invited to ``job``.

    Connecting a stage again reuses its row, so that nobody is invited twice. ``since`` is when
    watching last began. Moves before ``counts_from`` do not count; it equals ``since`` unless a
    person chose to invite those already in the stage.
    """

    __tablename__ = "stage_link"
    __table_args__ = (UniqueConstraint("job_id", "ats_job_id", "status", "sub_status"),)

    id: Mapped[uuid.UUID] = id_column()
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("job.id"))
    ats_job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ats_job.id"), index=True)
    status: Mapped[str] = mapped_column(String(40))
    sub_status: Mapped[str] = mapped_column(String(200), default="")
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    counts_from: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    # Wait after a move; a candidate moved out again meanwhile is not invited.
    grace_minutes: Mapped[int] = mapped_column(default=0)
    # The assessment for candidates in this stage; None: the job's.
    assessment: Mapped[str | None] = mapped_column(String(400))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # When we noticed, and emailed, that SmartRecruiters no longer has the stage or the job.
    missing_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # When we noticed that the SmartRecruiters job takes nobody (filled, cancelled, on hold, gone).
    stopped_since: Mapped[datetime | None] = mapped_column(UTCDateTime)

    job: Mapped[Job] = relationship(back_populates="stage_links")
    ats_job: Mapped[AtsJob] = relationship(lazy="joined")

    @property
    def asks_for(self) -> str:
        """The id of the assessment to which candidates in this stage are invited."""
        return self.assessment or self.job.assessment
