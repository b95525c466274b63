"""Candidates and their applications."""

import uuid
from datetime import datetime
from unicodedata import normalize

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from eqsr.accounts.models import Organisation
from eqsr.connections.models import AtsJob
from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, id_column
from eqsr.core.db import Base
from eqsr.core.folding import cut, folded, folded_type, keeps_folded


def address_key(email: str | None) -> str | None:
    """The address without regard to case and to how its letters are composed; None for none."""
    return normalize("NFC", email.strip()).casefold()[:320] or None if email else None


def folded_name(name: str) -> str:
    """The name without regard to case, spaces and how its letters are composed.

    Stricter than core.folding: accents count, as it decides whether two profiles are one person.
    """
    return " ".join(normalize("NFKC", name).casefold().split())


class Candidate(Base):
    """A person as one organisation knows them. ``ats_id`` is None for those invited by link.

    ``merged_into_id``: SmartRecruiters merged the profile into that candidate's at ``merged_at``.
    All that was known of it is there, and this row only leads to it.
    """

    __tablename__ = "candidate"
    __table_args__ = (
        UniqueConstraint("organisation_id", "ats_id"),
        Index("ix_candidate_organisation_email", "organisation_id", "email"),
        Index("ix_candidate_organisation_address_key", "organisation_id", "address_key"),
        Index("ix_candidate_organisation_phone", "organisation_id", "phone"),
        Index("ix_candidate_organisation_sort_name", "organisation_id", "sort_name"),
    )

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    ats_id: Mapped[str | None] = mapped_column(String(100))
    first_name: Mapped[str] = mapped_column(String(300), default="")
    last_name: Mapped[str] = mapped_column(String(300), default="")
    email: Mapped[str | None] = mapped_column(String(320))
    # The address without regard to case, to find one person's other profiles.
    address_key: Mapped[str | None] = mapped_column(String(320))
    # The last digits only, to tell apart people of one name (mirror.last_digits).
    phone: Mapped[str | None] = mapped_column(String(40))
    # Folded: by which people are found ("first last", then the address), and sorted ("last first").
    search: Mapped[str] = mapped_column(Text, default="")
    sort_name: Mapped[str] = mapped_column(folded_type(1200), default="")
    # ISO 3166, two letters: tells their working hours.
    country: Mapped[str | None] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    # When name, address and country were last read from SmartRecruiters.
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("candidate.id"), index=True)
    merged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship()
    applications: Mapped[list["Application"]] = relationship(
        back_populates="candidate", order_by="Application.created_at"
    )

    @validates("email")
    def _key_of(self, _name: str, email: str | None) -> str | None:
        self.address_key = address_key(email)
        return email

    @property
    def name(self) -> str:
        """Full name; without one the email address, or "?"."""
        return f"{self.first_name} {self.last_name}".strip() or self.email or "?"

    @property
    def is_anonymised(self) -> bool:
        """True when name and address were erased (see extras.privacy)."""
        return not (self.first_name or self.last_name or self.email)


def _search(row: Candidate) -> str:
    name = folded(f"{row.first_name or ''} {row.last_name or ''}")
    return f"{name}\n{folded(row.email or '')}"


def _sort_name(row: Candidate) -> str:
    return cut(folded(f"{row.last_name or ''} {row.first_name or ''}"), 1200)


keeps_folded(Candidate, "search", _search)
keeps_folded(Candidate, "sort_name", _sort_name)


class Application(Base):
    """A candidate on a SmartRecruiters job (``ats_job_id``) or a job with a link (``link_job_id``).

    ``status`` and ``sub_status`` are the stage as read at ``read_at``; ``stage_since`` is by
    SmartRecruiters' clock.
    """

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("candidate_id", "ats_job_id"),
        UniqueConstraint("candidate_id", "link_job_id"),
    )

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"))
    ats_job_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("ats_job.id"), index=True)
    link_job_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("job.id"), index=True)
    ats_id: Mapped[str | None] = mapped_column(String(100))
    status: Mapped[str] = mapped_column(String(40), default="")
    sub_status: Mapped[str] = mapped_column(String(200), default="")
    stage_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    # When everything about its assessment was erased; see extras.privacy.
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    candidate: Mapped[Candidate] = relationship(back_populates="applications", lazy="joined")
    ats_job: Mapped[AtsJob | None] = relationship(lazy="joined")
