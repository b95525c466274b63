"""A game of the sitting: its page, and the addresses that the page's script calls.

static/games/README.md describes what they exchange.
"""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eqsr.core.extensions import csrf
from eqsr.core.messages import UserError
from eqsr.sittings import current_taking, playing
from eqsr.sittings.pages import by_script, starting_device, with_taking
from eqsr.sittings.standing import Standing, closed
from eqsr.sittings.taking import Taking
from eqsr.web.body_declarations import takes_json

blueprint = Blueprint("games", __name__, url_prefix="/take/<token>/tasks/<part>")
csrf.exempt(blueprint)


@blueprint.get("")
@with_taking
def play(token: str, taking: Taking) -> ResponseReturnValue:
    """Show the game's page."""
    if taking.standing != Standing.UNDERWAY or not taking.part.is_task:
        return go(url_for("assessments.landing", token=token))
    return render_template("sittings/task.html", token=token, taking=taking)


@blueprint.get("/state")
@with_taking
@by_script
def state(token: str, taking: Taking) -> ResponseReturnValue:
    """What the game needs to go on, as JSON."""
    return _as_json(lambda: _state(token, taking))


@blueprint.post("/trials")
@takes_json
@with_taking
@by_script
def trials(token: str, taking: Taking) -> ResponseReturnValue:
    """Store responses: 200 {stored}, or {sentence} with the error's status."""
    return _as_json(lambda: {"stored": playing.receive(_sitting_id(taking), _posted())})


@blueprint.post("/finish")
@takes_json
@with_taking
@by_script
def finish(token: str, taking: Taking) -> ResponseReturnValue:
    """Finish the game; answer with its new state."""

    def finished() -> dict[str, Any]:
        posted = _posted()
        device = posted.get("device") if isinstance(posted, dict) else None
        playing.finish(_sitting_id(taking), device)
        return _state(token, current_taking.present_taking(taking.invitation.id, _id(taking)))

    return _as_json(finished)


@blueprint.post("/leave")
@with_taking
def leave(token: str, taking: Taking) -> ResponseReturnValue:
    """Leave out a game that the candidate can't take."""
    playing.leave_out(taking.invitation.id, _id(taking), device=starting_device())
    return go(url_for("assessments.landing", token=token))


def _as_json(verb: Callable[[], dict[str, Any]]) -> ResponseReturnValue:
    try:
        return jsonify(verb())
    except UserError as error:
        return jsonify(sentence=_(error.sentence)), error.status


def _state(token: str, taking: Taking) -> dict[str, Any]:
    if taking.standing not in (Standing.UNDERWAY, Standing.FINISHED):
        raise closed(taking.standing)
    if taking.sitting is None or not taking.part.is_task:
        raise closed(Standing.READY)
    next_url = url_for("assessments.landing", token=token)
    return playing.state(taking.sitting) | {"next": next_url}


def _sitting_id(taking: Taking) -> uuid.UUID:
    """The id of the game's sitting. Raises Closed if it was not started."""
    if taking.sitting is None or not taking.part.is_task:
        raise closed(Standing.READY)
    return taking.sitting.id


def _posted() -> Any:
    """The JSON body. Raises NotUnderstood if it is nested too deeply."""
    try:
        return request.get_json(force=True)
    except RecursionError:
        raise playing.NotUnderstood("This was not understood.") from None


def _id(taking: Taking) -> str:
    return taking.instrument.id
