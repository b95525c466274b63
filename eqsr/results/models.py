"""What has been written to a SmartRecruiters profile about an invitation."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, enum_column, id_column
from eqsr.core.db import Base
from eqsr.invitations.models import Invitation


class WriteBackState(StrEnum):
    """How far a write-back got."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class WriteBack(Base):
    """What was written for one invitation. What should be there is derived from the invitation.

    ``posting_at`` is set, with the text, before a note is posted, and cleared once its id is known.
    After a crash in between, the note is looked for before another one is posted. ``attaching_at``
    does the same for the report, whose problems are in ``report_problem``.
    """

    __tablename__ = "write_back"

    id: Mapped[uuid.UUID] = id_column()
    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation.id"), unique=True)
    # SmartRecruiters' id of the profile that was written to; a merge makes it another one.
    ats_candidate_id: Mapped[str | None] = mapped_column(String(100))
    state: Mapped[WriteBackState] = enum_column(WriteBackState, default=WriteBackState.PENDING)
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    note_id: Mapped[str | None] = mapped_column(String(100))
    note_text: Mapped[str | None] = mapped_column(Text)
    posting_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    wanted_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    written_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # When reconciling.results found the note on the profile.
    read_back_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str | None] = mapped_column(Text)
    report_id: Mapped[str | None] = mapped_column(String(100))
    report_name: Mapped[str | None] = mapped_column(Text)
    # Hash of the report's content (extras.reports.service).
    report_fingerprint: Mapped[str | None] = mapped_column(String(64))
    attaching_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    report_problem: Mapped[str | None] = mapped_column(Text)

    invitation: Mapped[Invitation] = relationship(lazy="joined")
