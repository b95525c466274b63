"""The connection page of an organisation."""

import uuid

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.activity.sentences import sentence
from eqsr.connections import credential_changes, service
from eqsr.connections.models import Connection
from eqsr.core.extensions import limiter
from eqsr.core.messages import UserError
from eqsr.outbox import retries, status
from eqsr.screens.connection import overview as overviews
from eqsr.web.access import member
from eqsr.web.parts import part_of
from eqsr.web.requests import client_address
from eqsr.web.step_up import asks_password

blueprint = Blueprint("connections", __name__)


@blueprint.get("/connection")
@member(Role.ADMIN, Role.REVIEWER)
def page() -> ResponseReturnValue:
    """Show the connection page."""
    return render_template("connection/page.html", **_facts())


@blueprint.get("/connection/health")
@member(Role.ADMIN, Role.REVIEWER)
@part_of("connections.page")
def health() -> ResponseReturnValue:
    """The part of the page that a check changes, for htmx."""
    facts = _facts()
    if facts["overview"] is None:
        abort(404)
    return render_template("connection/_health.html", **facts)


@blueprint.post("/connection/check")
@member(Role.ADMIN)
@limiter.limit("10 per minute")
def check() -> ResponseReturnValue:
    """Check the credential and its scopes, and read stages and jobs again."""
    connection = _working()
    service.request_check(connection.id, thorough=True)
    service.request_everything(connection.id)
    return go(url_for("connections.page"))


@blueprint.post("/connection/key")
@member(Role.ADMIN)
@limiter.limit("5 per minute")
@asks_password()
def replace_key() -> ResponseReturnValue:
    """Replace the key that signs webhooks."""
    by = credential_changes.by_user(current_user, client_address())
    service.request_key(_working().id, by)
    flash(_("The signing key is being replaced. The old one is accepted for 24 hours."), "success")
    return go(url_for("connections.page"))


@blueprint.route("/connection/disconnect", methods=["GET", "POST"])
@member(Role.ADMIN)
@asks_password()
def disconnect() -> ResponseReturnValue:
    """Ask for confirmation (GET), then disconnect (POST)."""
    connection = _own()
    if not overviews.works(connection):  # pressed twice, or in another tab
        return go(url_for("connections.page"))
    if request.method != "POST":
        return render_template("connection/disconnect.html", connection=connection)
    name, address = current_user.display_name, client_address()
    service.disconnect(connection.id, current_user.id, name, address)
    flash(_("SmartRecruiters is disconnected. Nobody is invited any more."), "success")
    return go(url_for("connections.page"))


@blueprint.post("/connection/work/<uuid:work_id>")
@member(Role.ADMIN)
def retry(work_id: uuid.UUID) -> ResponseReturnValue:
    """Retry one dead work row."""
    connection = _working()
    if work_id not in {work.id for work in status.dead(connection.id, limit=1000)}:
        abort(404)
    retries.retry(work_id)
    flash(_("It is being tried again."), "success")
    return go(url_for("connections.page"))


@blueprint.post("/connection/work")
@member(Role.ADMIN)
def retry_all() -> ResponseReturnValue:
    """Retry all dead work of the connection."""
    retries.retry_all(_working().id)
    flash(_("All of it is being tried again."), "success")
    return go(url_for("connections.page"))


def _own() -> Connection:
    connection = service.of(current_user.organisation_id)
    if connection is None:
        abort(404)
    return connection


def _working() -> Connection:
    connection = _own()
    if not overviews.works(connection):
        raise UserError("SmartRecruiters is not connected any more. Reload the page.")
    return connection


def _facts() -> dict:
    overview = overviews.overview(current_user)
    return {
        "overview": overview,
        "works": overview is not None and overviews.works(overview.connection),
        "may_change": current_user.role == Role.ADMIN,
        "activities": [
            {"sentence": sentence(activity), "at": activity.at}
            for activity in (overview.activities if overview else [])
        ],
    }
