"""Organisations and the people who log in for them."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eqsr.clock import now
from eqsr.db import Base, Moment, id_column, word_column


class Role(StrEnum):
    STAFF = "staff"
    ADMIN = "admin"
    REVIEWER = "reviewer"
    GUEST = "guest"


class Organisation(Base):
    """A customer (or, for staff, the platform itself)."""

    __tablename__ = "organisation"

    id: Mapped[uuid.UUID] = id_column()
    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    # IANA name: by its clock invitations end, and candidates are reminded.
    time_zone: Mapped[str] = mapped_column(String(64), default="Europe/Amsterdam")
    # Of mails and candidates' pages, where a job or a person does not choose another one.
    language: Mapped[str] = mapped_column(String(5), default="en")
    # "#rrggbb", or None for the platform's own; see organisations.brand.
    accent: Mapped[str | None] = mapped_column(String(7))
    # A checked PNG, and the name of this very picture in addresses that may be kept for ever.
    logo: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    logo_version: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class User(Base):
    """Somebody who can log in. ``email`` is kept in lower case."""

    __tablename__ = "user_account"

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[Role] = word_column(Role)
    active: Mapped[bool] = mapped_column(default=True)
    # Part of the session cookie: raising it logs the user out everywhere.
    session_epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_login_at: Mapped[datetime | None] = mapped_column(Moment)

    organisation: Mapped[Organisation] = relationship(lazy="joined")

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        return f"{self.id}.{self.session_epoch}"
