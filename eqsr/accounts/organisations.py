"""Create organisations, and find them by their slug."""

import re
import unicodedata
import uuid

from sqlalchemy import select

from eqsr.accounts.models import Organisation, User
from eqsr.core.db import db, transaction
from eqsr.core.invisible import clean_name
from eqsr.core.messages import NotFoundError, UserError


def create_organisation(
    name: str, organisation_id: uuid.UUID | None = None, by: User | None = None
) -> Organisation:
    """Create a customer with a unique slug derived from its name. Raises UserError.

    ``organisation_id`` comes from the form that ``by`` sends, so that a form sent twice makes one
    customer.
    """
    name = clean_name(name)
    if not name:
        raise UserError("Give the organisation a name.")
    if len(name) > 200:
        raise UserError("A name can have at most 200 characters.")
    with transaction() as session:
        if by is not None:  # the second of two forms waits here, and then finds the customer
            session.scalar(select(User.id).where(User.id == by.id).with_for_update(key_share=True))
        known = session.get(Organisation, organisation_id) if organisation_id else None
        if known is not None:
            return known
        organisation = Organisation(id=organisation_id, name=name, slug=_free_slug(name))
        session.add(organisation)
        session.flush()
    return organisation


def organisation_by_slug(slug: str) -> Organisation:
    """Return the organisation with this slug. Raises NotFoundError."""
    organisation = db.session.scalar(select(Organisation).where(Organisation.slug == slug))
    if organisation is None:
        raise NotFoundError
    return organisation


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
