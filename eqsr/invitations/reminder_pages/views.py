"""The pages behind the link in an email by which a candidate stops reminders."""

from flask import redirect as go
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from eqsr.core.emailed_links import LinkPurpose
from eqsr.core.extensions import csrf, limiter
from eqsr.core.messages import NotFoundError
from eqsr.invitations import reminders as reminding
from eqsr.invitations.email_facts import language_and_zone
from eqsr.invitations.link_holder import invitation_of
from eqsr.invitations.models import Invitation
from eqsr.invitations.pages import blueprint
from eqsr.web import languages
from eqsr.web.access import by_token


@blueprint.get("/reminders/<token>")
@by_token
def reminders(token: str) -> ResponseReturnValue:
    """Ask whether to stop the reminders; only the POST does, as mail scanners open every link."""
    return render_template("invitations/reminders.html", invitation=_reminded(token))


def _link_in_path() -> str:
    return request.path


# No CSRF token: the link is the key, and mail programs post to it with one click (RFC 8058). The
# limit counts per link, because a mail provider posts for all its users from few addresses.
@blueprint.post("/reminders/<token>")
@by_token
@csrf.exempt
@limiter.limit("30 per minute", key_func=_link_in_path)
def stop_reminders(token: str) -> ResponseReturnValue:
    """Stop the reminders."""
    reminding.stop(_reminded(token).id)
    if request.form.get("List-Unsubscribe") == "One-Click":
        return reminders(token)  # a mail program gets no redirect (RFC 8058, 3.1)
    return go(url_for("invitations.reminders", token=token), 303)


def _reminded(token: str) -> Invitation:
    invitation = invitation_of(token, LinkPurpose.REMINDERS)
    if invitation is None:
        raise NotFoundError
    languages.answer_in(*language_and_zone(invitation))
    return invitation
