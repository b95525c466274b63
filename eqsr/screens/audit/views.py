"""The page of the audit log, and its file, for an organisation's admins."""

from collections.abc import Iterator

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.core import formats
from eqsr.screens.audit import log
from eqsr.screens.audit.lines import lines
from eqsr.screens.audit.log import AuditFilter
from eqsr.web.access import member
from eqsr.web.csv_files import csv_response, format_of_reader
from eqsr.web.step_up import asks_password

blueprint = Blueprint("audit", __name__)

admin = member(Role.ADMIN)


@blueprint.get("/team/log")
@admin
def page() -> ResponseReturnValue:
    """Show a page of the log."""
    wish, organisation_id = _wanted(), current_user.organisation_id
    found = log.entries(organisation_id, wish, request.args.get("page", 1, type=int))
    return render_template(
        "audit/page.html",
        page=found,
        lines=lines(organisation_id, found.items),
        wish=wish,
        groups=_groups(),
        people=[("", _("Everybody"))]
        + [(str(one.id), one.display_name) for one in log.people(organisation_id)],
    )


@blueprint.get("/team/log.csv")
@admin
@asks_password(methods=("GET",))
def export() -> ResponseReturnValue:
    """Download what the page lists, as CSV."""
    rows = _rows(_wanted())
    return csv_response(list(format_of_reader().lines(rows)), "log.csv")


def _rows(wish: AuditFilter) -> Iterator[list[str]]:
    yield [f"{_('When')} ({formats.zone_of_reader()})", _("What"), _("From")]
    organisation_id = current_user.organisation_id
    for some in log.all_entries(organisation_id, wish):
        for line in lines(organisation_id, some):
            yield [formats.for_spreadsheets(line.at), line.sentence, line.address]


def _wanted() -> AuditFilter:
    return log.wanted(request.args.get("what", ""), request.args.get("who", ""))


def _groups() -> list[tuple[str, str]]:
    return [
        ("", _("Everything")),
        ("access", _("Logging in, and what was refused")),
        ("team", _("Team")),
        ("candidates", _("Candidates and results")),
        ("connection", _("Connection and keys")),
        ("settings", _("Settings")),
    ]
