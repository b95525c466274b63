"""What all views behind a candidate's link share: from the link to what its holder may do."""

from functools import wraps

from flask import render_template, request

from eqsr.extras.partner_api import service as elsewhere
from eqsr.extras.partners.models import Platform
from eqsr.invitations import service as invitations
from eqsr.invitations.link_holder import invitation_of
from eqsr.invitations.models import Invitation
from eqsr.invitations.sending import candidate_language
from eqsr.sittings import taking as takings
from eqsr.sittings.taking import Standing, Taking
from eqsr.web import pages
from eqsr.web.access import by_token


def with_taking(view):
    """Hands the view what the link's holder may do; a link that leads nowhere ends here.

    The part is the one that is next, unless the address names another one: a page that was left
    open in another tab never answers for a part that it does not show.
    """

    @by_token
    @wraps(view)
    def guarded(token: str, **kwargs):
        invitation = invitation_of(token)
        if invitation is None:  # before the body is read
            return nowhere()
        part = kwargs.pop("part", None) or request.values.get("part")
        found = takings.taking(invitation.id, instrument_id=part)
        if not found:
            return nowhere()
        pages.set_language(candidate_language(found.invitation))
        if found.invitation.erased:
            return erased(found.invitation)
        there = elsewhere.link_for(found.invitation)
        return _elsewhere(found, *there) if there else view(token, found, **kwargs)

    return guarded


def by_script(view):
    """Declares that a script of our pages asks for this: it reads JSON, also where a link ended."""
    view.by_script = True
    return view


def starting_facts() -> dict[str, str]:
    """What is known of a browser that starts a part."""
    return {"device": request.user_agent.string}


def nowhere():
    return render_template("sittings/closed.html", reason="unknown"), 404


def erased(invitation: Invitation):
    page = render_template("sittings/closed.html", reason="erased", job=invitation.job)
    return page, 410


def _elsewhere(taking: Taking, platform: Platform, address: str):
    """Whatever of our own pages was asked for: this one is taken at another platform."""
    if taking.standing in (Standing.EXPIRED, Standing.CANCELLED):
        return over(taking)
    if request.method == "GET" and not is_prefetch():
        invitations.opened(taking.invitation.id)
    return render_template(
        "partner_api/leave.html", taking=taking, platform=platform, address=address
    )


def over(taking: Taking):
    page = render_template(
        "sittings/closed.html",
        reason=taking.standing,
        taking=taking,
        job=taking.invitation.job,
    )
    return page, 410


def is_prefetch() -> bool:
    """A browser that looks ahead has not been read by anybody."""
    purpose = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or ""
    return "prefetch" in purpose
