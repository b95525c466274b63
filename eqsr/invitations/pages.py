"""What the pages about invitations share: their blueprint, and rendering an invitation."""

import uuid
from typing import Any

from flask import Blueprint, render_template, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.activity.history import of_applications
from eqsr.activity.models import Activity
from eqsr.activity.sentences import sentence
from eqsr.invitations import extension, management, possible_actions, queries
from eqsr.invitations import new_link as renewing
from eqsr.invitations.links import take_url
from eqsr.invitations.management import Actor
from eqsr.invitations.models import Invitation
from eqsr.mail import server_pause
from eqsr.teams import visibility
from eqsr.web.access import member
from eqsr.web.requests import client_address

blueprint = Blueprint("invitations", __name__)
recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.app_template_global()
def mail_waits() -> bool:
    """Whether sending is paused because the mail server accepts none of our email."""
    return server_pause.current() is not None


def render_invitation(invitation: Invitation, **shown: Any) -> str:
    """Render the invitation; ``shown``: what the user typed, and what was wrong with it."""
    latest = queries.of_application(invitation.job_id, invitation.application_id)
    facts = {
        "email": invitation.email,
        "until": None,
        "suggested": extension.suggested_day(invitation),
        "can": possible_actions.possible(invitation, latest or invitation),
        "link": take_url(invitation),
        "renewable": renewing.renewable(invitation),
        "lines": activity_lines(of_applications([invitation.application_id])),
    }
    return render_template("invitations/page.html", invitation=invitation, **(facts | shown))


def activity_lines(activities: list[Activity]) -> list[dict[str, Any]]:
    """The activity log as this user may see it: a sentence and a moment per line."""
    seen = visibility.lines_seen(current_user, activities)
    return [{"sentence": sentence(activity), "at": activity.at} for activity in seen]


def own(invitation_id: uuid.UUID) -> Invitation:
    """The organisation's invitation with this id. Raises NotFoundError."""
    return management.own(current_user.organisation_id, invitation_id)


def actor() -> Actor:
    """The user of this request, and the network address from which they act."""
    return Actor(current_user, client_address())


def to_invitation(invitation: Invitation) -> ResponseReturnValue:
    """Redirect to the invitation's page."""
    return go(url_for("invitations.page", invitation_id=invitation.id), 303)
