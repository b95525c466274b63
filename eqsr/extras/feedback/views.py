"""The candidate's own result, opened by the invitation's link, and answers to their requests.

The link is the only credential of the candidate's pages, so they have no CSRF token.
"""

import unicodedata
import uuid
from collections.abc import Iterable

from flask import Blueprint, flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.core.extensions import csrf, limiter
from eqsr.core.messages import UserError
from eqsr.extras.feedback import own_result, service
from eqsr.extras.feedback.models import RequestKind
from eqsr.invitations.email_facts import language_and_zone
from eqsr.invitations.link_holder import invitation_of
from eqsr.screens.jobs.forms import as_uuid
from eqsr.screens.profile import wording
from eqsr.web import languages
from eqsr.web.access import by_token, member
from eqsr.web.requests import client_address

blueprint = Blueprint("feedback", __name__)


@blueprint.get("/take/<token>/results")
@by_token
def results(token: str) -> ResponseReturnValue:
    """Show the candidate's result."""
    return _page(token)


@blueprint.post("/take/<token>/results")
@csrf.exempt
@by_token
@limiter.limit("20 per hour")
def ask(token: str) -> ResponseReturnValue:
    """Take a candidate's request."""
    wish = request.form.get("wish")
    invitation = invitation_of(token)
    if invitation is None:
        return _page(token)
    languages.answer_in(*language_and_zone(invitation))
    if wish not in [one.value for one in RequestKind]:
        return _page(token, problem=_("Choose what you ask for."))
    try:
        service.ask(invitation.id, RequestKind(wish), _plain(request.form.get("text", "")))
    except own_result.ResultClosed:
        return _page(token)
    except UserError as error:
        return _page(token, problem=_(error.sentence))
    return go(url_for("feedback.results", token=token, _anchor="asked"), 303)


@blueprint.post("/invitations/<uuid:invitation_id>/request")
@member(Role.ADMIN, Role.REVIEWER)
def answer(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Answer a candidate's request."""
    text = _plain(request.form.get("answer", ""))
    request_id = as_uuid(request.form.get("request"))
    address = client_address()
    answered = service.answer(invitation_id, request_id, text, current_user, address)
    flash(_("The answer is on its way to the candidate."), "success")
    candidate_id = answered.invitation.application.candidate_id
    return go(url_for("candidates.profile", candidate_id=candidate_id), 303)


def _page(token: str, problem: str = "") -> ResponseReturnValue:
    invitation = invitation_of(token)
    if invitation is None:
        return render_template("sittings/closed.html", reason="unknown"), 404
    languages.answer_in(*language_and_zone(invitation))
    if invitation.erased:
        page = render_template("sittings/closed.html", reason="erased", job=invitation.job)
        return page, 410
    try:
        found = own_result.own_result(invitation.id)
    except own_result.ResultClosed:
        return render_template("feedback/closed.html", job=invitation.job), 410
    if found is None:
        return go(url_for("assessments.landing", token=token))
    page = render_template(
        "feedback/results.html",
        token=token,
        own=found,
        wishes=_cards(found.may_ask),
        wording=wording,
        problem=problem,
        text=_plain(request.form.get("text", "")),
        wish=request.form.get("wish", ""),
    )
    return page, 422 if problem else 200


def _cards(kinds: Iterable[RequestKind]) -> list[dict[str, str]]:
    """What can be asked for, as radio cards."""
    cards = {
        RequestKind.REVIEW: {
            "title": _("Go through my result"),
            "text": _("A person looks at it with what you write, and answers."),
        },
        RequestKind.ERASURE: {
            "title": _("Delete my result"),
            "text": _(
                "A person sees to it and tells you when it is done. Your application itself stays "
                "as it is."
            ),
        },
    }
    return [{"value": kind.value, **cards[kind]} for kind in kinds]


def _plain(text: str) -> str:
    """Remove control characters, which a database may refuse, except line breaks and tabs.

    Special spaces (as in French) become plain ones. Zero-width joiners are kept, because some
    scripts and emoji need them.
    """
    spaced = (" " if unicodedata.category(one) == "Zs" else one for one in text)
    kept = (one for one in spaced if one in "\n\t\u200c\u200d" or one.isprintable())
    return "".join(kept).strip()
