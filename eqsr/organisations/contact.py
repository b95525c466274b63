"""The contact address that every email to a candidate names: one that a person reads."""

from email.utils import parseaddr
from urllib.parse import urlsplit

from sqlalchemy import select

from eqsr.accounts.models import Organisation, Role, User
from eqsr.core.db import db
from eqsr.core.email_addresses import is_read, usable_address
from eqsr.core.extensions import settings
from eqsr.core.messages import UserError

# Characters in an address (RFC 5321, section 4.5.3.1.3).
MAX_EMAIL = 254


def of(organisation: Organisation, chosen: str | None = None) -> str:
    """Return the contact address for candidates of this organisation.

    The first that exists of: ``chosen`` (a job's own), the organisation's, the longest-serving
    admin's, the platform's support. '' if there is none.
    """
    return chosen or organisation.contact_email or default(organisation) or _support()


def default(organisation: Organisation) -> str:
    """Return the address of the longest-serving active admin, or ''."""
    query = (
        select(User.email)
        .where(User.organisation_id == organisation.id, User.role == Role.ADMIN, User.active)
        .order_by(User.created_at, User.id)
    )
    found = db.session.scalars(query).all()
    return next((address for address in found if _reaches_a_person(address)), "")


def checked(text: str) -> str | None:
    """Return the address as it is stored, None for an empty text.

    Raises UserError for a malformed address and for one that nobody reads (no-reply).
    """
    if not text.strip():
        return None
    address = usable_address(text)
    if address is None or len(address) > MAX_EMAIL:
        raise UserError(
            "This email address can't be used. Check it for typing mistakes.",
            field="contact_email",
        )
    if not _reaches_a_person(address):
        raise UserError(
            "Nobody reads answers at this address. Give one that a person reads.",
            field="contact_email",
        )
    return address


def _reaches_a_person(address: str) -> bool:
    """Is this neither a no-reply address nor our sender address, which receives only bounces?"""
    sender = parseaddr(settings.mail_from)[1]
    return is_read(address) and address.lower() != sender.lower()


def _support() -> str:
    """The platform's support address; '' if support is a web page."""
    parts = urlsplit(settings.support_url)
    return (usable_address(parts.path) or "") if parts.scheme == "mailto" else ""
