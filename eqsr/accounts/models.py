"""Organisations and the people who log in for them."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, enum_column, id_column
from eqsr.core.db import Base
from eqsr.core.folding import cut, folded, folded_type, keeps_folded


class Role(StrEnum):
    """What a user may do. People who open a shared profile have no account."""

    STAFF = "staff"
    ADMIN = "admin"
    REVIEWER = "reviewer"


class Organisation(Base):
    """A customer (or, for staff, the platform itself)."""

    __tablename__ = "organisation"

    id: Mapped[uuid.UUID] = id_column()
    name: Mapped[str] = mapped_column(String(200))
    # The name, folded: by which customers are sorted.
    sort_name: Mapped[str] = mapped_column(folded_type(800), default="")
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    # IANA name, used for invitation deadlines and reminders.
    time_zone: Mapped[str] = mapped_column(String(64), default="Europe/Amsterdam")
    # Of emails and candidates' pages, unless a job or a person chooses another one.
    language: Mapped[str] = mapped_column(String(5), default="en")
    # "#rrggbb", or None for the platform's own; see core.brand.
    accent: Mapped[str | None] = mapped_column(String(7))
    # A checked PNG, and a hash of it that names this version in addresses cached for good.
    logo: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    logo_version: Mapped[str | None] = mapped_column(String(16))
    # Address for candidates' questions; None: organisations.contact chooses one.
    contact_email: Mapped[str | None] = mapped_column(String(254))
    # Retention of results in months; None: no limit. See extras.privacy.
    keep_months: Mapped[int | None]
    # Whether somebody who was assessed for another job waits for a person's decision (duplicates).
    hold_other_jobs: Mapped[bool] = mapped_column(default=False, server_default=false())
    # For so many months a candidate may use an earlier result for another job; 0: never.
    reuse_months: Mapped[int] = mapped_column(default=6, server_default="6")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


keeps_folded(Organisation, "sort_name", lambda row: cut(folded(row.name or ""), 800))


class User(Base):
    """A person who can log in. ``email`` is stored in lower case."""

    __tablename__ = "user_account"

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[Role] = enum_column(Role)
    active: Mapped[bool] = mapped_column(default=True)
    # '': pages follow the browser, emails the organisation.
    language: Mapped[str] = mapped_column(String(10), default="")
    time_zone: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    last_login_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship(lazy="joined")

    # Flask-Login reads these two.
    is_authenticated = True
    is_anonymous = False

    @property
    def session_id(self) -> uuid.UUID | None:
        """The login session of this request, if this user was loaded through one. Not stored."""
        return self.__dict__.get("_session_id")

    @session_id.setter
    def session_id(self, value: uuid.UUID | None) -> None:
        """Set when the session is started or found."""
        self.__dict__["_session_id"] = value

    @property
    def is_active(self) -> bool:
        """May this user log in? Flask-Login reads this."""
        return self.active

    @property
    def display_name(self) -> str:
        """The name shown to other people; the email address if none was entered."""
        return self.name or self.email

    def get_id(self) -> str:
        """Return the session id, which Flask-Login stores in the cookie."""
        return str(self.session_id)


class LoginSession(Base):
    """A browser in which a user is logged in. The signed cookie holds its id."""

    __tablename__ = "login_session"

    id: Mapped[uuid.UUID] = id_column()
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    # Shown to the user, such as "Firefox · Linux".
    device: Mapped[str] = mapped_column(String(100), default="")
    address: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    last_used_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # When the user last gave the password in it.
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime, default=now)

    user: Mapped[User] = relationship(lazy="joined")


class PasswordRequest(Base):
    """A request for a new password, until a worker has looked up its email address.

    The page never looks it up: its response time would reveal whether an account exists.
    ``address`` is the visitor's network address.
    """

    __tablename__ = "password_request"

    id: Mapped[uuid.UUID] = id_column()
    email: Mapped[str] = mapped_column(String(320))
    address: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class PasswordReset(Base):
    """Permission to set a new password once. Only the hash of its token is stored; the token is
    made when the email is sent."""

    __tablename__ = "password_reset"

    id: Mapped[uuid.UUID] = id_column()
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship(lazy="joined")
