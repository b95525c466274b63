"""The page of an organisation's team, and its members' roles and access."""

import uuid

from flask import flash, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.core.messages import NotFoundError, UserError
from eqsr.teams import job_teams, members
from eqsr.teams.forms import ROLE_CHOICES, InviteForm
from eqsr.teams.pages import admin, back_to_team, blueprint, makes_admin, team_page
from eqsr.web.requests import client_address
from eqsr.web.step_up import asks_password

blueprint.add_app_template_global(job_teams.team_of, "team_of")


@blueprint.get("/team")
@admin
def page() -> ResponseReturnValue:
    """List members and open invitations."""
    return team_page(InviteForm())


@blueprint.post("/team/members/<uuid:user_id>/role")
@admin
@asks_password(when=makes_admin)
def change_role(user_id: uuid.UUID) -> ResponseReturnValue:
    """Change a member's role. Admins who demote themselves leave this page."""
    wanted = request.form.get("role", "")
    if wanted not in [value for value, _label in ROLE_CHOICES]:
        raise NotFoundError
    try:
        user = members.change_role(current_user, user_id, Role(wanted), client_address())
    except members.LastAdmin as refusal:
        return _refused(refusal)
    flash(_("The role of %(name)s is changed.", name=user.display_name), "success")
    return back_to_team() if current_user.role is Role.ADMIN else go(url_for("accounts.home"), 303)


@blueprint.post("/team/members/<uuid:user_id>/deactivate")
@admin
def deactivate(user_id: uuid.UUID) -> ResponseReturnValue:
    """Deactivate a member."""
    try:
        user = members.deactivate(current_user, user_id, client_address())
    except members.LastAdmin as refusal:
        return _refused(refusal)
    sentence = _("%(name)s is deactivated, and logged out everywhere.", name=user.display_name)
    flash(sentence, "success")
    return back_to_team()


@blueprint.post("/team/members/<uuid:user_id>/log-out")
@admin
def log_out(user_id: uuid.UUID) -> ResponseReturnValue:
    """Log a member out everywhere."""
    user = members.log_out(current_user, user_id, client_address())
    flash(_("%(name)s is logged out everywhere.", name=user.display_name), "success")
    return back_to_team()


@blueprint.post("/team/members/<uuid:user_id>/reactivate")
@admin
@asks_password()
def reactivate(user_id: uuid.UUID) -> ResponseReturnValue:
    """Reactivate a member."""
    user = members.reactivate(current_user, user_id, client_address())
    flash(_("%(name)s can log in again.", name=user.display_name), "success")
    return back_to_team()


def _refused(refusal: UserError) -> ResponseReturnValue:
    flash(_(refusal.sentence), "error")
    return back_to_team()
