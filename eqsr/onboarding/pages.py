"""The blueprint of an onboarding link's pages: finds the link and refuses one that has ended."""

from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eqsr.core.emailed_links import InvalidLink
from eqsr.onboarding import last_step, link_validity
from eqsr.web.languages import set_time_zone

link = Blueprint("link", __name__, url_prefix="/onboarding/<token>")


@link.url_value_preprocessor
def _take_token(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Move the token from the view's arguments to ``g``."""
    if values is not None:
        g.token = values.pop("token")


@link.url_defaults
def _give_token(_endpoint: str, values: dict[str, Any]) -> None:
    """Let url_for() repeat the token of this request."""
    values.setdefault("token", g.get("token"))


# The only pages of a link that has connected.
LAST_STEP_PAGES = {"done", "make_account", "join", "leave"}
PAGES_WHEN_CONNECTED = {"check", "check_progress"} | LAST_STEP_PAGES


@link.before_request
def _find_link() -> ResponseReturnValue | None:
    """Load the link and its connection into ``g``; redirect to the step that is due."""
    g.link = link_validity.find_by_token(g.token)
    g.connection = link_validity.connection_of(g.link)
    set_time_zone(g.link.organisation.time_zone)
    step = (request.endpoint or "").rpartition(".")[2]
    if g.link.connected_at and step not in PAGES_WHEN_CONNECTED:
        if request.method == "POST":
            raise InvalidLink("used", g.link)
        return go(url_for("onboarding.link.done"))
    if not g.link.connected_at and step in LAST_STEP_PAGES:
        return go(url_for("onboarding.link.start"))
    return None


@link.errorhandler(InvalidLink)
def _dead_link(dead: InvalidLink) -> ResponseReturnValue:
    if dead.reason == "early":
        return go(url_for("onboarding.link.start"))
    has_admin = dead.row is not None and last_step.has_admin(dead.row.organisation_id)
    page = render_template("onboarding/link/dead.html", reason=dead.reason, has_admin=has_admin)
    return page, dead.status


@link.after_request
def _protect_token(response: Response) -> Response:
    """Keep the token, which is in the address, out of referrers and caches."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@link.context_processor
def _link_facts() -> dict[str, Any]:
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
