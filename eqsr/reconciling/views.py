"""Asking for a comparison with SmartRecruiters."""

from flask import Blueprint, abort, flash, url_for
from flask import redirect as go
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.access import member
from eqsr.accounts.models import Role
from eqsr.connections import service as connections
from eqsr.extensions import limiter
from eqsr.reconciling import service

blueprint = Blueprint("reconciling", __name__)


@blueprint.post("/connection/compare")
@member(Role.ADMIN)
@limiter.limit("5 per minute")
def compare():
    """Look through everybody in the connected stages, the callbacks log and the results, now."""
    connection = connections.of(current_user.organisation_id)
    if connection is None:
        abort(404)
    if service.begin(connection.id, thorough=True):
        flash(_("SmartRecruiters is being compared with what we know."), "success")
    else:
        flash(_("A comparison is going on already, or the connection does not work."), "info")
    return go(url_for("connections.page"))
