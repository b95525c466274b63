"""Help: the guide in three parts, and short answers."""

from flask import Blueprint, abort, render_template

from eqsr.access import member
from eqsr.smartrecruiters.scopes import SCOPES

blueprint = Blueprint("help", __name__, url_prefix="/help")

# In reading order; each is a template, and the last part of its address.
TOPICS = ("integration", "jobs", "results", "nothing-sent", "reading-a-profile", "roles")


@blueprint.get("")
@member()
def index():
    return render_template("help/index.html")


@blueprint.get("/<topic>")
@member()
def topic(topic: str):
    if topic not in TOPICS:
        abort(404)
    return render_template(f"help/{topic}.html", scopes=SCOPES)
