"""Forms on a customer's page: invite the first admin, revoke an onboarding link."""

import uuid

from flask import Blueprint, flash, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.core.extensions import limiter
from eqsr.core.messages import NotFoundError, UserError
from eqsr.onboarding import customers, service
from eqsr.teams import first_admin_invitations
from eqsr.web.access import member
from eqsr.web.requests import client_address
from eqsr.web.step_up import asks_password

blueprint = Blueprint("inviting", __name__, url_prefix="/customers/<slug>")


@blueprint.post("/admin")
@member(Role.STAFF)
@limiter.limit("60 per hour")
@asks_password()
def invite(slug: str) -> ResponseReturnValue:
    """Email an invitation to the first admin; again renews it."""
    organisation = customers.customer(slug)
    email = request.form.get("admin_email", "")
    try:
        sent = first_admin_invitations.invite_first_admin(
            organisation.id, current_user, email, client_address()
        )
    except NotFoundError:
        raise
    except UserError as error:
        flash(_(error.sentence), "error")
        return _back(slug)
    if sent:
        flash(_("The invitation is on its way to %(email)s.", email=email.strip()), "success")
    else:
        flash(_("The mail is on its way already."), "info")
    return _back(slug)


@blueprint.post("/admin/<uuid:team_invitation_id>/withdraw")
@member(Role.STAFF)
def withdraw(slug: str, team_invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Withdraw the first admin's invitation."""
    organisation = customers.customer(slug)
    first_admin_invitations.withdraw_first_admin(
        organisation.id, current_user, team_invitation_id, client_address()
    )
    flash(_("The invitation is withdrawn. Its link is closed."), "success")
    return _back(slug)


@blueprint.post("/links/<uuid:link_id>/revoke")
@member(Role.STAFF)
def revoke(slug: str, link_id: uuid.UUID) -> ResponseReturnValue:
    """Revoke an onboarding link."""
    organisation = customers.customer(slug)
    service.revoke(organisation.id, link_id, current_user.id, client_address())
    flash(_("The link is revoked. Nothing can be done with it any more."), "success")
    return _back(slug)


def _back(slug: str) -> ResponseReturnValue:
    return go(url_for("onboarding.customer", slug=slug), 303)
