"""The pages of an onboarding link, on which a customer's admin connects SmartRecruiters."""

from flask import abort, g, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue

from eqsr.connections import company_check, progress
from eqsr.connections import service as connections
from eqsr.connections.progress_view import progress_view
from eqsr.core.extensions import limiter
from eqsr.onboarding import link_credential, link_progress
from eqsr.onboarding.forms import CredentialsForm
from eqsr.onboarding.pages import link
from eqsr.smartrecruiters.scopes import SCOPES
from eqsr.web.access import by_token
from eqsr.web.parts import part_of
from eqsr.web.requests import client_address


@link.get("")
@by_token
def start() -> ResponseReturnValue:
    """Open the step that this link is at."""
    if g.connection and progress.running(g.connection):
        return go(url_for("onboarding.link.check"))
    if g.link.failed_at:
        return go(url_for("onboarding.link.keys"))
    if g.link.consented_at:
        return go(url_for("onboarding.link.credential"))
    return render_template("onboarding/link/welcome.html")


@link.post("/opened")
@by_token
def opened() -> ResponseReturnValue:
    """Record that the page is seen: its script says so (a GET may be a mail scanner's)."""
    link_progress.opened(g.link)
    return "", 204


@link.route("/welcome", methods=["GET", "POST"])
@by_token
def welcome() -> ResponseReturnValue:
    """Explain what will happen, and record the admin's consent."""
    if request.method != "POST":
        return render_template("onboarding/link/welcome.html")
    link_progress.consented(g.link)
    return go(url_for("onboarding.link.credential"))


@link.route("/credential", methods=["GET", "POST"])
@by_token
def credential() -> ResponseReturnValue:
    """Explain how to make a credential in SmartRecruiters."""
    if not g.link.consented_at:
        return go(url_for("onboarding.link.welcome"))
    if request.method == "POST":
        return go(url_for("onboarding.link.keys"))
    known = company_check.known_company(connections.of(g.link.organisation_id))
    return render_template("onboarding/link/credential.html", scopes=SCOPES, known_company=known)


@link.route("/keys", methods=["GET", "POST"])
@by_token
@limiter.limit("20 per minute", methods=["POST"])
def keys() -> ResponseReturnValue:
    """Take the credential and start checking it."""
    if not g.link.consented_at:
        return go(url_for("onboarding.link.welcome"))
    form = CredentialsForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("onboarding/link/keys.html", form=form), status
    link_credential.enter_credentials(
        g.link, form.client_id.data, form.client_secret.data, client_address()
    )
    return go(url_for("onboarding.link.check"))


@link.get("/check")
@by_token
def check() -> ResponseReturnValue:
    """Show how far the check got."""
    if not g.connection:
        return go(url_for("onboarding.link.keys"))
    return render_template("onboarding/link/check.html", run=progress_view(g.connection))


@link.get("/check/progress")
@by_token
@part_of("onboarding.link.check")
def check_progress() -> ResponseReturnValue:
    """Render the part of the check page that htmx polls."""
    if not g.connection:
        abort(404)
    return render_template("onboarding/link/_progress.html", run=progress_view(g.connection))


@link.post("/check/again")
@by_token
@limiter.limit("20 per minute")
def check_again() -> ResponseReturnValue:
    """Check the latest credential again."""
    if not g.connection:
        return go(url_for("onboarding.link.keys"))
    link_credential.try_again(g.link)
    return go(url_for("onboarding.link.check"))
