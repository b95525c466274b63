"""Forms on the team's page that send, repeat and withdraw invitations."""

import uuid

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.core.extensions import limiter
from eqsr.core.messages import UserError
from eqsr.teams import team_invitations
from eqsr.teams.forms import InviteForm
from eqsr.teams.pages import admin, back_to_team, blueprint, makes_admin, team_page
from eqsr.web.requests import client_address
from eqsr.web.step_up import asks_password


@blueprint.post("/team/invite")
@admin
@limiter.limit("60 per hour")
@asks_password(when=makes_admin)
def invite() -> ResponseReturnValue:
    """Invite an email address."""
    form = InviteForm()
    if not form.validate_on_submit():
        return team_page(form), 422
    try:
        sent = team_invitations.invite(
            current_user, form.email.data, Role(form.role.data), client_address()
        )
    except UserError as error:
        form.email.errors = [_(error.sentence)]
        return team_page(form), 422
    return _on_its_way(sent)


@blueprint.post("/team/invitations/<uuid:team_invitation_id>/resend")
@admin
@limiter.limit("60 per hour")
def resend(team_invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Send an invitation again, with a new link."""
    return _on_its_way(team_invitations.resend(current_user, team_invitation_id, client_address()))


@blueprint.post("/team/invitations/<uuid:team_invitation_id>/withdraw")
@admin
def withdraw(team_invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Withdraw an invitation."""
    team_invitations.withdraw(current_user, team_invitation_id, client_address())
    flash(_("The invitation is withdrawn. Its link is closed."), "success")
    return back_to_team()


def _on_its_way(sent: bool) -> ResponseReturnValue:
    flash(
        _("The invitation is on its way.") if sent else _("The mail is on its way already."),
        "success" if sent else "info",
    )
    return back_to_team()
