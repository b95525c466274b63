"""What an admin fills in about the organisation."""

from zoneinfo import available_timezones

from flask import request

from eqsr.accounts.models import Organisation
from eqsr.organisations.service import OrganisationSettings

# As an upload, above what is taken, so that "too large" can be said.
READ_AT_MOST = 200_000


def posted() -> OrganisationSettings:
    form = request.form
    return OrganisationSettings(
        form.get("name", "")[:400],
        form.get("language", ""),
        form.get("time_zone", "").strip(),
        form.get("accent", "")[:40],
        form.get("contact_email", "")[:400],
    )


def current(organisation: Organisation) -> OrganisationSettings:
    return OrganisationSettings(
        organisation.name,
        organisation.language,
        organisation.time_zone,
        organisation.accent or "",
        organisation.contact_email or "",
    )


def uploaded() -> bytes:
    """The chosen file, cut off where it is too large in any case; empty without one."""
    picture = request.files.get("logo")
    return picture.read(READ_AT_MOST) if picture else b""


def time_zones() -> list[str]:
    """Places that people know: no abbreviations, no zones of ships."""
    return sorted(
        zone
        for zone in available_timezones()
        if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/", "posix", "right"))
    )
