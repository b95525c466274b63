"""Pages of an organisation's team: its members and open invitations."""

import uuid

from flask import flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.core.clock import now
from eqsr.core.extensions import limiter
from eqsr.core.messages import NotFoundError, UserError
from eqsr.mail import service as mails
from eqsr.teams import history, job_teams, members, queries, team_invitations
from eqsr.teams.forms import ROLE_CHOICES, InviteForm
from eqsr.teams.pages import blueprint
from eqsr.web.access import member
from eqsr.web.requests import client_address

blueprint.add_app_template_global(job_teams.team_of, "team_of")


admin = member(Role.ADMIN)


@blueprint.get("/team")
@admin
def page() -> ResponseReturnValue:
    """List members and open invitations."""
    return _page(InviteForm())


@blueprint.post("/team/invite")
@admin
@limiter.limit("60 per hour")
def invite() -> ResponseReturnValue:
    """Invite an email address."""
    form = InviteForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        sent = team_invitations.invite(
            current_user, form.email.data, Role(form.role.data), client_address()
        )
    except UserError as error:
        form.email.errors = [_(error.sentence)]
        return _page(form), 422
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
    return _back()


@blueprint.post("/team/members/<uuid:user_id>/role")
@admin
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
    return _back() if current_user.role is Role.ADMIN else go(url_for("accounts.home"), 303)


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
    return _back()


@blueprint.post("/team/members/<uuid:user_id>/reactivate")
@admin
def reactivate(user_id: uuid.UUID) -> ResponseReturnValue:
    """Reactivate a member."""
    user = members.reactivate(current_user, user_id, client_address())
    flash(_("%(name)s can log in again.", name=user.display_name), "success")
    return _back()


def _page(form: InviteForm) -> str:
    organisation_id = current_user.organisation_id
    invitations = queries.open_invitations(organisation_id)
    latest = mails.latest_of([one.id for one in invitations])
    return render_template(
        "teams/page.html",
        form=form,
        roles=ROLE_CHOICES,
        members=members.members(organisation_id),
        invitations=invitations,
        mails=latest,
        waiting=mails.any_queued(latest.values()),
        moment=now(),
        history=history.lines(organisation_id),
    )


def _on_its_way(sent: bool) -> ResponseReturnValue:
    flash(
        _("The invitation is on its way.") if sent else _("The mail is on its way already."),
        "success" if sent else "info",
    )
    return _back()


def _refused(refusal: UserError) -> ResponseReturnValue:
    flash(_(refusal.sentence), "error")
    return _back()


def _back() -> ResponseReturnValue:
    return go(url_for("teams.page"), 303)
