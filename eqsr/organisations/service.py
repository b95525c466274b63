"""Change an organisation's settings: name, language, time zone, colour, logo, contact."""

import hashlib
import uuid
from dataclasses import dataclass
from zoneinfo import available_timezones

from sqlalchemy import select

from eqsr.accounts.models import Organisation, User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.core import brand
from eqsr.core.accent import checked_accent
from eqsr.core.db import db, transaction
from eqsr.core.invisible import clean_name
from eqsr.core.messages import UserError
from eqsr.organisations import contact, logo

# For so many months an organisation may let candidates use an earlier result; 0: never.
REUSE_MONTHS = (0, 1, 3, 6, 12)
# Languages of emails and candidates' pages, each under its own name.
LANGUAGES = {"en": "English", "nl": "Nederlands", "de": "Deutsch", "fr": "Français"}


@dataclass(frozen=True)
class OrganisationSettings:
    """The values of the settings form; ``accent`` and ``contact_email`` may be ''."""

    name: str
    language: str
    time_zone: str
    accent: str
    contact_email: str = ""


def change(user: User, wanted: OrganisationSettings) -> None:
    """Store the settings of the user's organisation. Raises UserError for an unusable value."""
    name = clean_name(wanted.name)
    if not 1 <= len(name) <= 200 or "\x00" in wanted.name:
        raise UserError("Give a name of at most 200 characters.", field="name")
    if wanted.language not in LANGUAGES:
        raise UserError("Choose one of the languages.", field="language")
    if wanted.time_zone not in available_timezones():
        raise UserError(
            "Choose a time zone of the list, such as Europe/Amsterdam.", field="time_zone"
        )
    accent = checked_accent(wanted.accent)
    contact_email = contact.checked(wanted.contact_email)
    with transaction():
        organisation = _locked(user)
        organisation.name, organisation.language = name, wanted.language
        organisation.time_zone, organisation.accent = wanted.time_zone, accent
        organisation.contact_email = contact_email
        activity.audit(AuditAction.ORGANISATION_CHANGED, organisation.id, user.id)


def set_repeats(user: User, reuse_months: int, hold_other_jobs: bool) -> None:
    """Set how long results may be used again, and whether a person decides about a second job.

    A number of months that is not offered leaves the number as it is.
    """
    with transaction():
        organisation = _locked(user)
        if reuse_months in REUSE_MONTHS:
            organisation.reuse_months = reuse_months
        organisation.hold_other_jobs = hold_other_jobs
        activity.audit(
            AuditAction.REPEATS_CHANGED,
            organisation.id,
            user.id,
            months=organisation.reuse_months,
            hold=hold_other_jobs,
        )


def set_logo(user: User, data: bytes) -> None:
    """Store this PNG as the logo of the user's organisation. Raises UserError if it is unusable."""
    picture = logo.checked(data)
    with transaction():
        organisation = _locked(user)
        organisation.logo = picture
        organisation.logo_version = hashlib.sha256(picture).hexdigest()[:16]
        activity.audit(AuditAction.LOGO_CHANGED, organisation.id, user.id)


def remove_logo(user: User) -> None:
    """Remove the logo of the user's organisation."""
    with transaction():
        organisation = _locked(user)
        organisation.logo = organisation.logo_version = None
        activity.audit(AuditAction.LOGO_REMOVED, organisation.id, user.id)


def logo_of(organisation_id: uuid.UUID, version: str) -> bytes | None:
    """Return the logo if it still has this version, else None."""
    return db.session.scalar(
        select(Organisation.logo).where(
            Organisation.id == organisation_id, Organisation.logo_version == version
        )
    )


def brand_of(organisation: Organisation) -> brand.Brand:
    """Return the colours and logo of the organisation's emails."""
    picture = organisation.logo_version and logo_of(organisation.id, organisation.logo_version)
    return brand.brand(organisation.accent, picture or None)


def _locked(user: User) -> Organisation:
    session = db.session()
    return session.get_one(
        Organisation, user.organisation_id, populate_existing=True, with_for_update=True
    )
