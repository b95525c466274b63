"""Invitations that wait for a person's decision, because the same person was invited before."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eqsr.candidates.models import Application
from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, id_column
from eqsr.core.db import Base
from eqsr.jobs.models import Job, StageLink


class InvitationHold(Base):
    """An invitation to ``job`` that is held: the person has one by ``other_application`` already.

    It ends (``ended_at``) when somebody invites anyway, or automatically: when the application
    leaves the stage, or the two profiles are merged. One whose candidate was deleted in
    SmartRecruiters is not shown.
    """

    __tablename__ = "invitation_hold"
    __table_args__ = (
        UniqueConstraint("stage_link_id", "application_id"),
        Index("ix_invitation_hold_organisation", "organisation_id", "ended_at"),
    )

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("job.id"), index=True)
    stage_link_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stage_link.id"))
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    other_application_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("application.id"), index=True
    )
    # Whether both are applications to this job; else the other one is to another job.
    same_job: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    job: Mapped[Job] = relationship()
    stage_link: Mapped[StageLink] = relationship()
    application: Mapped[Application] = relationship(foreign_keys=application_id)
