"""Organisations and the people who log in for them."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eqsr.core.clock import now
from eqsr.core.db import Base, UTCDateTime, enum_column, id_column


class Role(StrEnum):
    """What an account may do. A guest has no account: see the room ``guests``."""

    STAFF = "staff"
    ADMIN = "admin"
    REVIEWER = "reviewer"


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
    # Who answers candidates; None: see organisations.contact.
    contact_email: Mapped[str | None] = mapped_column(String(254))
    # Months that results are kept; None: until somebody deletes them. See erasing.
    keep_months: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class User(Base):
    """Somebody who can log in. ``email`` is kept in lower case."""

    __tablename__ = "user_account"

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[Role] = enum_column(Role)
    active: Mapped[bool] = mapped_column(default=True)
    # Empty: as the browser says, and as the organisation has it.
    language: Mapped[str] = mapped_column(String(10), default="")
    time_zone: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    last_login_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship(lazy="joined")

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_anonymous = False
    # Which of the user's sessions this request belongs to; set when it is found or begun.
    session_id: ClassVar[uuid.UUID | None] = None

    @property
    def is_active(self) -> bool:
        return self.active

    @property
    def display_name(self) -> str:
        """What other people read."""
        return self.name or self.email

    def get_id(self) -> str:
        """What the session cookie holds."""
        return str(self.session_id)


class LoginSession(Base):
    """A browser in which somebody is logged in; its id is what the signed cookie holds."""

    __tablename__ = "login_session"

    id: Mapped[uuid.UUID] = id_column()
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    # For people, such as "Firefox · Linux".
    device: Mapped[str] = mapped_column(String(100), default="")
    address: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    last_used_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship(lazy="joined")


class PasswordRequest(Base):
    """An address entered where a password was forgotten, until a worker has looked whose it is:
    who waits for the page must not learn from its time. Deleted then.

    ``address``: of the network.
    """

    __tablename__ = "password_request"

    id: Mapped[uuid.UUID] = id_column()
    email: Mapped[str] = mapped_column(String(320))
    address: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class PasswordReset(Base):
    """A wish to set a new password. The token is made when its mail is sent; only a hash of it is
    stored."""

    __tablename__ = "password_reset"

    id: Mapped[uuid.UUID] = id_column()
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship(lazy="joined")
