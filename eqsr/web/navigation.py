"""The navigation of a logged-in user's pages: which tabs there are, and which one is current."""

from flask import request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role

# For each tab, the blueprints whose pages highlight it; other tabs are highlighted by their own.
PARTS = {
    "jobs": ("jobs", "invitations", "candidates", "guests"),
    "teams": ("teams", "audit"),
    "norms": ("norms", "fairness", "platforms"),
}

# Tabs by the first part of the address, for pages of blueprints that belong to several tabs.
TAB_BY_ADDRESS = {"jobs": "jobs", "applications": "jobs", "organisation": "organisations"}


def nav_items() -> list[dict[str, object]]:
    """Label, URL and whether it is current, of each tab; empty for visitors."""
    if not current_user or not current_user.is_authenticated:
        return []
    if current_user.role == Role.STAFF:
        entries = [(_("Customers"), "onboarding.customers"), (_("Help"), "help.index")]
    else:
        entries = [(_("Jobs"), "jobs.overview")]
        if current_user.role == Role.ADMIN:
            entries += [
                (_("Results"), "norms.page"),
                (_("Connection"), "connections.page"),
                (_("Organisation"), "organisations.page"),
                (_("Team"), "teams.page"),
            ]
        entries.append((_("Help"), "help.index"))
    return [
        {
            "label": label,
            "url": url_for(endpoint),
            "current": _current() in _blueprints(endpoint.split(".")[0]),
        }
        for label, endpoint in entries
    ]


def _current() -> str | None:
    """The blueprint that decides which tab is highlighted."""
    return TAB_BY_ADDRESS.get(request.path.split("/")[1], request.blueprint)


def _blueprints(tab: str) -> tuple[str, ...]:
    return PARTS.get(tab, (tab,))
