"""What every page of an onboarding link has: who the link is for, and whether it still serves."""

from flask import Blueprint, g, render_template, request, url_for
from flask import redirect as go
from flask_babel import gettext as _

from eqsr.core.emailed_links import InvalidLink
from eqsr.onboarding import last_step, service

link = Blueprint("link", __name__, url_prefix="/onboarding/<token>")


@link.url_value_preprocessor
def _take_token(_endpoint, values):
    g.token = values.pop("token")


@link.url_defaults
def _give_token(_endpoint, values):
    values.setdefault("token", g.get("token"))


# What a link that has connected still serves for; nothing else of it can be opened or sent.
LAST_STEP = {"done", "make_account", "join", "leave"}
AFTERWARDS = {"check", "check_progress"} | LAST_STEP


@link.before_request
def _find_link():
    g.link = service.find_by_token(g.token)
    g.connection = service.connection_of(g.link)
    step = request.endpoint.rsplit(".", 1)[1]
    if g.link.connected_at and step not in AFTERWARDS:
        if request.method == "POST":
            raise InvalidLink("used", g.link)
        return go(url_for("onboarding.link.done"))
    if not g.link.connected_at and step in LAST_STEP:
        return go(url_for("onboarding.link.start"))
    return None


@link.errorhandler(InvalidLink)
def _dead_link(dead: InvalidLink):
    if dead.reason == "early":
        return go(url_for("onboarding.link.start"))
    has_admin = dead.row is not None and last_step.has_admin(dead.row.organisation_id)
    page = render_template("onboarding/link/dead.html", reason=dead.reason, has_admin=has_admin)
    return page, dead.status


@link.after_request
def _keep_the_token_here(response):
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@link.context_processor
def _link_facts():
    if "link" not in g:
        return {}
    return {
        "link": g.link,
        "connection": g.get("connection"),
        "organisation": g.link.organisation,
        "check_url": url_for("onboarding.link.check"),
        "progress_url": url_for("onboarding.link.check_progress"),
        "again_url": url_for("onboarding.link.check_again"),
        "keys_url": url_for("onboarding.link.keys"),
        "steps_url": url_for("onboarding.link.credential"),
        "done_url": url_for("onboarding.link.done"),
        "done_label": _("Continue"),
        "stages": [_("Welcome"), _("Make the credential"), _("Enter it"), _("Check"), _("Done")],
    }
