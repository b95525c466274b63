"""Create organisations and users, authenticate users, change their password and profile."""

import logging
import re
import unicodedata
import uuid

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eqsr.accounts import sessions
from eqsr.accounts.models import Organisation, Role, User
from eqsr.accounts.passwords import MAX_LENGTH, check_password
from eqsr.activity import service as activity
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.email_addresses import looks_like_address
from eqsr.core.invisible import clean_address, clean_name
from eqsr.core.messages import N_, NotFoundError, UserError
from eqsr.core.security import hash_password, password_matches
from eqsr.mail import service as mails
from eqsr.outbox.kinds import WorkKind

log = logging.getLogger(__name__)


def create_organisation(name: str) -> Organisation:
    """Create a customer with a unique slug derived from its name. Raises UserError."""
    name = clean_name(name)
    if not name:
        raise UserError("Give the organisation a name.")
    if len(name) > 200:
        raise UserError("A name can have at most 200 characters.")
    with transaction() as session:
        organisation = Organisation(name=name, slug=_free_slug(name))
        session.add(organisation)
        session.flush()
    return organisation


def organisation_by_slug(slug: str) -> Organisation:
    """Return the organisation with this slug. Raises NotFoundError."""
    organisation = db.session.scalar(select(Organisation).where(Organisation.slug == slug))
    if organisation is None:
        raise NotFoundError
    return organisation


def create_user(
    email: str, organisation: Organisation, role: Role, password: str | None, name: str = ""
) -> User:
    """Create a user. With ``password`` None they can't log in until one is set.

    Raises UserError for a weak password or an address that is malformed or taken.
    """
    email = usable_email(email)
    password_hash = None
    if password is not None:
        check_password(password, email)
        password_hash = hash_password(password)
    user = User(
        email=email,
        organisation_id=organisation.id,
        role=role,
        password_hash=password_hash,
        name=clean_name(name),
    )
    try:
        with transaction() as session:
            session.add(user)
            session.flush()
    except IntegrityError:
        raise UserError(
            _("Somebody with the e-mail address %(email)s exists already.", email=email)
        ) from None
    return user


def authenticate(email: str, password: str, address: str = "") -> User | None:
    """Return the active user with this password, or None.

    Takes equally long for unknown users, so that timing reveals no accounts.
    """
    user = user_with(email)
    password_hash = user.password_hash if user and user.active else None
    matches = password_matches(password_hash, password[:MAX_LENGTH])
    if user is None or not matches:
        log.warning("login refused", extra={"address": address})
        return None
    with transaction():
        user.last_login_at = now()
        activity.audit("logged_in", user.organisation_id, user.id, user.id, address)
    return user


def user_with(email: str) -> User | None:
    """Return the user with this email address in any case and with stray blanks; or None."""
    return db.session.scalar(select(User).where(User.email == clean_address(email).lower()))


def change_password(user: User, current: str, new: str, address: str = "") -> None:
    """Set a new password, given the current one, and end the user's other sessions.

    Raises WrongPassword and WeakPassword.
    """
    if not password_matches(user.password_hash, current[:MAX_LENGTH]):
        raise WrongPassword
    check_password(new, user.email)
    set_password(user, hash_password(new), "password_changed", address)


def set_password(user: User, password_hash: str, action: str, address: str) -> None:
    """Store a new hash, end all sessions but the current one, and email the user.

    ``action`` names the change in the audit log, ``address`` is the visitor's network address.
    """
    with transaction() as session:
        session.add(user)
        user.password_hash = password_hash
        sessions.end_all(user.id, but=user.session_id)
        activity.audit(action, user.organisation_id, user.id, user.id, address)
        mails.queue(WorkKind.PASSWORD_CHANGED, user.id, user.organisation_id, user.email)


def change_profile(user: User, name: str, language: str, time_zone: str) -> None:
    """Store the user's name, and the language and time zone of their pages and emails."""
    with transaction():
        user.name, user.language, user.time_zone = clean_name(name), language, time_zone


def users_of(organisation_id: uuid.UUID) -> list[User]:
    """Return all users of an organisation, ordered by email address."""
    query = select(User).where(User.organisation_id == organisation_id).order_by(User.email)
    return list(db.session.scalars(query))


def usable_email(email: str) -> str:
    """Return the address as it is stored: trimmed, in lower case. Raises UserError."""
    email = clean_address(email).lower()
    if not looks_like_address(email):
        raise UserError("That is not an e-mail address. It looks like name@example.org.")
    return email


class WrongPassword(UserError):
    """The current password that the user typed is wrong."""

    def __init__(self) -> None:
        super().__init__(N_("This is not your current password."))


def _free_slug(name: str) -> str:
    """A slug for this name that no organisation has, numbered if need be."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "customer"
    taken = set(
        db.session.scalars(select(Organisation.slug).where(Organisation.slug.startswith(stem)))
    )
    taken.add("new")  # its address is the page where a customer is added
    if stem not in taken:
        return stem
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{stem}-{n}") not in taken)
