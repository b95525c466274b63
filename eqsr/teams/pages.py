"""The blueprint of the team's pages, and the page that several of them show."""

from flask import Blueprint, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.core.clock import now
from eqsr.mail import queries as mail_queries
from eqsr.teams import history, members, queries
from eqsr.teams.forms import ROLE_CHOICES, InviteForm
from eqsr.web.access import member

blueprint = Blueprint("teams", __name__)

admin = member(Role.ADMIN)


def makes_admin() -> bool:
    """Does this form make somebody an admin?"""
    return request.form.get("role") == Role.ADMIN.value


def team_page(form: InviteForm) -> str:
    """Render the team's page with this form for invitations."""
    organisation_id = current_user.organisation_id
    invitations = queries.open_invitations(organisation_id)
    latest = mail_queries.latest_of([one.id for one in invitations])
    return render_template(
        "teams/page.html",
        form=form,
        roles=ROLE_CHOICES,
        members=members.members(organisation_id),
        invitations=invitations,
        mails=latest,
        waiting=mail_queries.any_queued(latest.values()),
        moment=now(),
        history=history.lines(organisation_id),
    )


def back_to_team() -> ResponseReturnValue:
    """Redirect to the team's page."""
    return go(url_for("teams.page"), 303)
