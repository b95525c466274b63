"""Public pages that say what each instrument is for, its evidence and its limits."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from eqsr.instruments import catalogue, tasks
from eqsr.web.access import public

blueprint = Blueprint("library", __name__, url_prefix="/instruments")


@blueprint.get("")
@public
def overview() -> ResponseReturnValue:
    """List the instruments."""
    return render_template(
        "sittings/library.html", instruments=catalogue.offered(str(get_locale()))
    )


@blueprint.get("/<instrument_id>")
@public
def instrument(instrument_id: str) -> ResponseReturnValue:
    """Describe one instrument."""
    try:
        found = catalogue.instrument(instrument_id, language=str(get_locale()))
    except KeyError:
        abort(404)
    timed = found.kind == "task" and tasks.timed(found)
    return render_template("sittings/instrument.html", instrument=found, timed=timed)
