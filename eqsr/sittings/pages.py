"""What all views behind a candidate's link share: finding the sitting, and pages for dead ends.

Pages under /take/<token> need no CSRF token: the link is the only key and no cookie gives access.
So a page that stayed open overnight can still send its answers.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eqsr.core.extensions import csrf
from eqsr.extras.partner_api import service as partner_api
from eqsr.extras.partners.models import Platform
from eqsr.invitations.email_facts import language_and_zone
from eqsr.invitations.link_holder import invitation_of
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.sittings import current_taking
from eqsr.sittings.missing import missing_of
from eqsr.sittings.records import scores_of
from eqsr.sittings.standing import OVER
from eqsr.sittings.taking import Taking
from eqsr.web import languages
from eqsr.web.access import by_token

blueprint = Blueprint("assessments", __name__, url_prefix="/take/<token>")
csrf.exempt(blueprint)

View = Callable[..., ResponseReturnValue]


def with_taking(view: View) -> View:
    """Decorate a view to get the token and the Taking behind it; answer for a link without one.

    The part is the next one, unless the address or the form names another. So a page left open in
    another tab never sends answers to a part that it does not show.
    """

    @by_token
    @wraps(view)
    def guarded(token: str, **kwargs: Any) -> ResponseReturnValue:
        invitation = invitation_of(token)
        if invitation is None:  # checked before the body is read
            return nowhere()
        part = kwargs.pop("part", None) or request.values.get("part")
        found = current_taking.taking(invitation.id, instrument_id=part)
        if not found:
            return nowhere()
        languages.answer_in(*language_and_zone(found.invitation))
        if found.invitation.erased:
            return erased(found.invitation)
        external = partner_api.link_for(found.invitation)
        return _on_platform(token, found, *external) if external else view(token, found, **kwargs)

    shown: View = guarded
    return shown


def by_script(view: View) -> View:
    """Mark a view that our scripts call: if the link has ended, it gets JSON instead of a page."""
    view.by_script = True  # type: ignore[attr-defined]  # a mark on the function
    return view


def starting_device() -> str:
    """What is stored about a browser that starts a part."""
    return request.user_agent.string


def nowhere() -> ResponseReturnValue:
    """Answer 404: the link is not one of ours."""
    return render_template("sittings/closed.html", reason="unknown"), 404


def erased(invitation: Invitation) -> ResponseReturnValue:
    """Answer 410: the result was erased."""
    page = render_template("sittings/closed.html", reason="erased", job=invitation.job)
    return page, 410


def _on_platform(
    token: str, taking: Taking, platform: Platform, address: str
) -> ResponseReturnValue:
    """Show the link to the platform where this assessment is taken, whatever page was asked for."""
    if taking.standing in OVER:
        return over(taking)
    return render_template(
        "partner_api/leave.html", token=token, taking=taking, platform=platform, address=address
    )


def over(taking: Taking) -> ResponseReturnValue:
    """Answer 410: expired, cancelled or ended in part, or the position is no longer open."""
    page = render_template(
        "sittings/closed.html",
        reason=taking.standing,
        taking=taking,
        job=taking.invitation.job,
        missing=missing_of(taking.invitation),
        result_url=_result_url(taking),
    )
    return page, 410


def _result_url(taking: Taking) -> str:
    """Where the candidate reads the scores of what the clock ended; empty if there are none."""
    partly = taking.invitation.state is InvitationState.PARTLY_COMPLETED
    scored = any(part.sitting and scores_of(part.sitting) for part in taking.parts)
    if not (partly and scored):
        return ""
    return url_for("feedback.results", token=(request.view_args or {})["token"])
