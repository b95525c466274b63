"""Help: the guide in three parts, and short answers."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_login import current_user

from eqsr.smartrecruiters.scopes import SCOPES
from eqsr.web.access import member

blueprint = Blueprint("help", __name__, url_prefix="/help")

# In reading order; each is a template, and the last part of its address.
TOPICS = ("integration", "jobs", "results", "nothing-sent", "reading-a-profile", "roles")

# What a page may leave open, by its endpoint or else its room; shown at the page's end.
QUESTIONS = {
    "candidates": ("reading-a-profile", _("How do I read a profile?")),
    "connections": ("integration", _("How is the integration set up?")),
    "invitations": ("nothing-sent", _("Nothing was sent: why?")),
    "jobs": ("jobs", _("How do I create and connect a job?")),
    "jobs.details": ("nothing-sent", _("Nothing was sent: why?")),
    "guests": ("roles", _("Who may do what?")),
    "teams": ("roles", _("Who may do what?")),
}


@blueprint.app_context_processor
def _question() -> dict[str, dict[str, object]]:
    """``page_help``: a question that this page may raise, and where it is answered."""
    raised = QUESTIONS.get(request.endpoint or "") or QUESTIONS.get(request.blueprint or "")
    if raised is None or not current_user.is_authenticated:
        return {}
    topic, label = raised
    return {"page_help": {"label": label, "url": url_for("help.topic", topic=topic)}}


@blueprint.get("")
@member()
def index() -> ResponseReturnValue:
    """Show the list of topics."""
    return render_template("help/index.html")


@blueprint.get("/<topic>")
@member()
def topic(topic: str) -> ResponseReturnValue:
    """Show one topic; 404 for an unknown one."""
    if topic not in TOPICS:
        abort(404)
    return render_template(f"help/{topic}.html", scopes=SCOPES)
