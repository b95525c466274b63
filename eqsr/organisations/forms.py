"""Read the organisation's settings from a form."""

from zoneinfo import available_timezones

from flask import request

from eqsr.accounts.models import Organisation
from eqsr.organisations.service import OrganisationSettings

# Bytes. More than a logo may have, so that the check can answer "too large".
MAX_UPLOAD = 200_000


def posted() -> OrganisationSettings:
    """Return the settings that the browser sent, unchecked and cut to a safe length."""
    form = request.form
    return OrganisationSettings(
        form.get("name", "")[:400],
        form.get("language", ""),
        form.get("time_zone", "").strip(),
        form.get("accent", "")[:40],
        form.get("contact_email", "")[:400],
    )


def current(organisation: Organisation) -> OrganisationSettings:
    """Return the organisation's stored settings, as the form shows them."""
    return OrganisationSettings(
        organisation.name,
        organisation.language,
        organisation.time_zone,
        organisation.accent or "",
        organisation.contact_email or "",
    )


def whole_number(text: str) -> int:
    """The number in the text; -1, which no list offers, if it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else -1


def uploaded() -> bytes:
    """Return the uploaded logo, at most MAX_UPLOAD bytes of it; b'' without a file."""
    picture = request.files.get("logo")
    return picture.read(MAX_UPLOAD) if picture else b""


def time_zones() -> list[str]:
    """Return the IANA zones named after places: no abbreviations, no nautical zones."""
    return sorted(
        zone
        for zone in available_timezones()
        if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/", "posix", "right"))
    )
