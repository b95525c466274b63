"""An invitation's page, the actions on it, and retrying emails."""

import uuid

from flask import flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from eqsr.accounts.models import Role
from eqsr.core.extensions import limiter
from eqsr.core.messages import UserError
from eqsr.invitations import candidate_refresh, email_retry, extension, management, resending
from eqsr.invitations import new_link as renewing
from eqsr.invitations.forms import as_day
from eqsr.invitations.pages import (
    actor,
    blueprint,
    own,
    recruiter,
    render_invitation,
    to_invitation,
)
from eqsr.web.access import member

blueprint.app_template_global("email_queue_state")(email_retry.queue_state)


@blueprint.post("/customers/retry-mail")
@member(Role.STAFF)
@limiter.limit("20 per minute")
def retry_mail() -> ResponseReturnValue:
    """Retry everything that could not be emailed."""
    number = email_retry.retry_all()
    flash(
        ngettext("%(num)s email is tried again.", "%(num)s emails are tried again.", number),
        "success",
    )
    return go(url_for("onboarding.customers"), 303)


@blueprint.get("/invitations/<uuid:invitation_id>")
@recruiter
def page(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Show an invitation, its history and its actions."""
    invitation = own(invitation_id)
    candidate_refresh.request(invitation.application.candidate)
    return render_invitation(invitation)


@blueprint.post("/invitations/<uuid:invitation_id>/resend")
@recruiter
def resend(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Send the link once more."""
    invitation = own(invitation_id)
    try:
        sent = resending.resend(invitation, actor())
    except UserError as error:
        return render_invitation(own(invitation_id), problem=_(error.sentence)), 422
    flash(
        _("The link is on its way again.") if sent else _("The mail is on its way already."),
        "success" if sent else "info",
    )
    return to_invitation(invitation)


@blueprint.post("/invitations/<uuid:invitation_id>/address")
@recruiter
def correct_address(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Correct the email address and send a new link there."""
    invitation, text = own(invitation_id), request.form.get("email", "")[:400]
    try:
        resending.correct_address(invitation, text, actor())
    except UserError as error:
        shown = {"email": text, "email_errors": [_(error.sentence)]}
        return render_invitation(own(invitation_id), **shown), 422
    flash(_("The link is on its way to this address."), "success")
    return to_invitation(invitation)


@blueprint.post("/invitations/<uuid:invitation_id>/extend")
@recruiter
def extend(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Extend the deadline to the end of a day."""
    invitation, day = own(invitation_id), as_day(request.form.get("until"))
    try:
        if day is None:
            raise UserError("Choose the day until which the invitation is to be open.")
        extension.extend(invitation, day, actor())
    except UserError as error:
        return render_invitation(
            own(invitation_id), until=day, until_errors=[_(error.sentence)]
        ), 422
    flash(_("The invitation is extended."), "success")
    return to_invitation(invitation)


@blueprint.get("/invitations/<uuid:invitation_id>/link")
@recruiter
def new_link(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Ask whether to make a new link."""
    invitation = own(invitation_id)
    if not renewing.renewable(invitation):
        return to_invitation(invitation)
    return render_template("invitations/new_link.html", invitation=invitation)


@blueprint.post("/invitations/<uuid:invitation_id>/link")
@recruiter
def make_new_link(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Make and email a new link."""
    invitation = own(invitation_id)
    generation = request.form.get("generation", invitation.link_generation, type=int)
    try:
        made = renewing.issue(invitation, generation, actor())
    except UserError as error:
        return render_invitation(own(invitation_id), problem=_(error.sentence)), 422
    flash(
        _("The new link is on its way. Links sent before do not work any more.")
        if made
        else _("A new link was made already."),
        "success" if made else "info",
    )
    return to_invitation(invitation)


@blueprint.get("/invitations/<uuid:invitation_id>/cancel")
@recruiter
def cancel(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Ask whether to cancel the invitation."""
    return render_template("invitations/cancel.html", invitation=own(invitation_id))


@blueprint.post("/invitations/<uuid:invitation_id>/cancel")
@recruiter
def do_cancel(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Cancel the invitation."""
    invitation = own(invitation_id)
    try:
        management.cancel(invitation, actor())
    except UserError as error:
        return render_invitation(own(invitation_id), problem=_(error.sentence)), 422
    flash(_("The invitation is cancelled. Its link is closed."), "success")
    return to_invitation(invitation)
