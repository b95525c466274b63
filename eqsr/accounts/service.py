"""Create and list users, and change their profile."""

import uuid

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eqsr.accounts.models import Organisation, Role, User
from eqsr.accounts.passwords import check_password
from eqsr.core.db import db, transaction
from eqsr.core.email_addresses import looks_like_address
from eqsr.core.invisible import clean_address, clean_name
from eqsr.core.messages import UserError
from eqsr.core.password_hashes import hash_password


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


def user_with(email: str) -> User | None:
    """Return the user with this email address in any case and with stray blanks; or None."""
    return db.session.scalar(select(User).where(User.email == login_address(email)))


def login_address(email: str) -> str:
    """The address as accounts are looked up by: without stray blanks and invisible characters."""
    return clean_address(email).lower()


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
