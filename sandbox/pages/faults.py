"""The page with faults, clock and limits."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ..errors import ApiError
from ..faults import API_KINDS, DELIVERY_KINDS, SMTP_KINDS
from ..gate import refuse_foreign_origin, world

blueprint = Blueprint("page_faults", __name__, url_prefix="/faults")
blueprint.before_request(refuse_foreign_origin)

EXPLAINED = {
    "401": "refuses the token",
    "403": "refuses the scope",
    "404": "knows nothing of it",
    "409": "answers with a conflict",
    "429": "says: too many requests",
    "500": "fails",
    "502": "fails as a gateway",
    "503": "is not available",
    "504": "times out as a gateway",
    "slow": "waits before it works",
    "cut": "works, then stops amid the answer",
    "reset": "works, then closes without an answer",
    "denied": "gives no access (403, PERMISSION_DENIED)",
    "garbage": "answers with something that is no JSON",
    "drop": "never sends the event",
    "duplicate": "sends the event twice at once",
    "reorder": "holds the event back for a while",
    "never_sign": "sends without a signature",
    "wrong_signature": "signs with another key",
    "smtp_refuse": "resets the connection",
    "smtp_4xx": "says 451 to the recipient",
    "smtp_5xx": "says 550 to the recipient",
    "smtp_hang": "takes the connection and says nothing",
    "smtp_drop_before_250": "keeps the mail, closes before the 250",
    "smtp_drop_after_250": "keeps the mail, closes after the 250",
    "smtp_lose": "says 250 and loses the mail",
}
ANSWERS = {
    "documented": "As SmartRecruiters' published OpenAPI says",
    "assumed": "As this sandbox assumed before it was compared with it",
}
GROUPS = {
    "SmartRecruiters' API": API_KINDS,
    "Webhook deliveries": DELIVERY_KINDS,
    "Mail": SMTP_KINDS,
}


@blueprint.get("")
def show() -> str:
    """Show the active faults and the available ones."""
    with world().lock:
        companies = list(world().companies.values())
    return render_template(
        "faults.html",
        faults=world().faults.list(),
        groups=GROUPS,
        explained=EXPLAINED,
        companies=companies,
        now=world().clock.now(),
        answers=ANSWERS,
    )


@blueprint.post("/add")
def add() -> Response:
    """Activate one fault."""
    form = request.form
    wish = {
        "kind": form.get("kind", ""),
        "match": {
            name: form.get(name, "").strip()
            for name in ("method", "path", "company", "event", "address")
        },
        "probability": form.get("probability", "100") or "100",
        "times": form.get("times", "").strip() or None,
        "delay_seconds": form.get("delay_seconds", "").strip() or 1,
    }

    def switch_on() -> None:
        world().faults.add(wish | {"probability": float(wish["probability"]) / 100})

    return _do(switch_on, "The fault is on.")


@blueprint.post("/<int:fault_id>/delete")
def delete(fault_id: int) -> Response:
    """Remove one fault."""
    world().faults.delete(fault_id)
    flash("The fault is off.")
    return redirect(url_for(".show"))


@blueprint.post("/clear")
def clear() -> Response:
    """Remove all faults."""
    world().faults.clear()
    flash("All faults are off.")
    return redirect(url_for(".show"))


@blueprint.post("/clock")
def clock() -> Response:
    """Move the clock by some minutes and set the skew."""
    form = request.form

    def turn() -> None:
        world().clock.skew_seconds = float(form.get("skew_seconds") or 0)
        world().clock.advance(float(form.get("minutes") or 0) * 60)

    return _do(turn, "The clock is set.")


@blueprint.post("/limits")
def limits() -> Response:
    """Enforce the rate limits or only count requests."""
    world().limits.enforced = request.form.get("enforced") == "on"
    flash("Rate limits are enforced." if world().limits.enforced else "Rate limits are off.")
    return redirect(url_for(".show"))


@blueprint.post("/answers")
def choose_answers() -> Response:
    """Choose answers as SmartRecruiters documents them, or as this sandbox first assumed."""
    wanted = request.form.get("answers", "")
    if wanted not in ANSWERS:
        raise ApiError(400, "INVALID_INPUT", "Choose one of the two kinds of answers.")
    world().settings.answers = wanted
    flash(f"The answers are now as {wanted}.")
    return redirect(url_for(".show"))


def _do(act: Callable[[], None], done: str) -> Response:
    try:
        act()
    except ValueError as error:
        raise ApiError(400, "INVALID_INPUT", f"This does not work: {error}.") from None
    flash(done)
    return redirect(url_for(".show"))
