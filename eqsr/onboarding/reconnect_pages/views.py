"""Pages where an admin enters a new credential and watches it being checked."""

from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.connections import company_check
from eqsr.connections import service as connections
from eqsr.connections.credential_changes import by_user
from eqsr.connections.models import Connection
from eqsr.connections.progress_view import progress_view
from eqsr.core.extensions import limiter
from eqsr.onboarding.forms import CredentialsForm
from eqsr.smartrecruiters.scopes import SCOPES
from eqsr.web.access import member
from eqsr.web.parts import part_of
from eqsr.web.requests import client_address
from eqsr.web.step_up import asks_password

blueprint = Blueprint("reconnecting", __name__, url_prefix="/connection/reconnect")

admin = member(Role.ADMIN)


@blueprint.context_processor
def _addresses() -> dict[str, Any]:
    """The addresses in the templates that are shared with an onboarding link's pages."""
    return {
        "check_url": url_for("reconnecting.check"),
        "progress_url": url_for("reconnecting.check_progress"),
        "again_url": url_for("reconnecting.check_again"),
        "keys_url": url_for("reconnecting.keys"),
        "steps_url": url_for("reconnecting.keys", _anchor="steps"),
        "done_url": url_for("connections.page"),
        "done_label": _("To the connection"),
    }


@blueprint.route("", methods=["GET", "POST"])
@admin
@limiter.limit("20 per minute", methods=["POST"])
@asks_password(methods=("GET", "POST"), unkept="client_secret")
def keys() -> ResponseReturnValue:
    """Take a new credential and start checking it."""
    connection = _connection()
    form = CredentialsForm()
    if not form.validate_on_submit():
        page = render_template(
            "onboarding/reconnect.html",
            form=form,
            connection=connection,
            known_company=company_check.known_company(connection),
            scopes=SCOPES,
        )
        return page, 422 if form.is_submitted() else 200
    connections.begin(
        current_user.organisation_id,
        form.client_id.data,
        form.client_secret.data,
        current_user.email,
        by_user(current_user, client_address()),
    )
    return go(url_for("reconnecting.check"), 303)


@blueprint.get("/check")
@admin
def check() -> ResponseReturnValue:
    """Show how far the check got."""
    connection = _connection()
    if not connection or not connection.steps:
        return go(url_for("reconnecting.keys"))
    return render_template("onboarding/reconnect_check.html", run=progress_view(connection))


@blueprint.get("/check/progress")
@admin
@part_of("reconnecting.check")
def check_progress() -> ResponseReturnValue:
    """Render the part of the check page that htmx polls."""
    connection = _connection()
    if not connection or not connection.steps:
        abort(404)
    return render_template("onboarding/link/_progress.html", run=progress_view(connection))


@blueprint.post("/check/again")
@admin
@limiter.limit("20 per minute")
def check_again() -> ResponseReturnValue:
    """Check the latest credential again."""
    connection = _connection()
    if not connection:
        return go(url_for("reconnecting.keys"))
    connections.try_again(connection.id)
    return go(url_for("reconnecting.check"), 303)


def _connection() -> Connection | None:
    return connections.of(current_user.organisation_id)
