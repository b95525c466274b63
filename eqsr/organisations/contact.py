"""Whom candidates write to: every mail to them names an address behind which a person reads."""

from email.utils import parseaddr
from urllib.parse import urlsplit

from sqlalchemy import select

from eqsr.accounts.models import Organisation, Role, User
from eqsr.core.db import db
from eqsr.core.email_addresses import is_read, usable_address
from eqsr.core.extensions import settings
from eqsr.core.messages import UserError

LONGEST = 254


def of(organisation: Organisation, chosen: str | None = None) -> str:
    """The address: ``chosen`` (a job's), or the organisation's, or that of the admin who has been
    there the longest, or the platform's support. Empty where there is none of these."""
    return chosen or organisation.contact_email or default(organisation) or _support()


def default(organisation: Organisation) -> str:
    """Where nobody has chosen one: the admin's who has been there the longest; empty without."""
    query = (
        select(User.email)
        .where(User.organisation_id == organisation.id, User.role == Role.ADMIN, User.active)
        .order_by(User.created_at, User.id)
    )
    found = db.session.scalars(query).all()
    return next((address for address in found if _reaches_a_person(address)), "")


def checked(text: str) -> str | None:
    """The address to be kept; None for an empty one. Raises UserError for what nobody reads."""
    if not text.strip():
        return None
    address = usable_address(text)
    if address is None or len(address) > LONGEST:
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
    """It is not the sender of our mails, where reports come back, and says no other thing."""
    sender = parseaddr(settings.mail_from)[1]
    return is_read(address) and address.lower() != sender.lower()


def _support() -> str:
    parts = urlsplit(settings.support_url)
    return (usable_address(parts.path) or "") if parts.scheme == "mailto" else ""
