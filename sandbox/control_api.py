"""``/sandbox/api``: tests, tour, chaos and bench control the sandbox here.

JSON without authentication, for callers on this machine only. ``control_companies``,
``control_people`` and ``control_webhooks`` hold the endpoints for companies, candidates and
deliveries.
"""

import ipaddress
from dataclasses import asdict, fields, replace
from typing import Any

from flask import Blueprint, Response, jsonify, request

from . import seed
from .clock import iso
from .errors import ApiError
from .gate import refuse_foreign_origin, world
from .world import Settings

blueprint = Blueprint("control", __name__, url_prefix="/sandbox/api")


def _guard() -> None:
    """Refuse callers from other machines and forms from other sites."""
    if not ipaddress.ip_address(request.remote_addr or "::").is_loopback:
        raise ApiError(403, "LOOPBACK_ONLY", "The control API answers to this machine only.")
    refuse_foreign_origin()


blueprint.before_request(_guard)


def wish() -> dict[str, Any]:
    """Return the request's JSON object, or an empty one without a body; raise 400 otherwise."""
    if not request.data:
        return {}
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ApiError(400, "INVALID_REQUEST_BODY", "The body must be a JSON object.")
    return body


def wishes(body: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return a list of JSON objects from the body, or raise 400."""
    found = body.get(name)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise ApiError(400, "INVALID_REQUEST_BODY", f"{name} must be a list of objects.")
    return found


def number(body: dict[str, Any], name: str, default: float) -> float:
    """Return a number from the body, or raise 400."""
    try:
        return float(body.get(name, default))
    except (TypeError, ValueError):
        raise ApiError(400, "INVALID_NUMBER", f"{name} must be a number.") from None


@blueprint.post("/reset")
def reset() -> Response:
    """Delete everything and load a seed: ``{"seed": "demo"|"empty", "random_seed": 0}``."""
    body = wish()
    name = body.get("seed", "empty")
    if name not in seed.SEEDS:
        raise ApiError(400, "UNKNOWN_SEED", f"seed must be one of {', '.join(seed.SEEDS)}.")
    world().reset(int(number(body, "random_seed", 0)))
    seed.plant(world(), name)
    if "limits" in body:
        world().limits.enforced = bool(body["limits"])
    return jsonify({"seed": name, "companies": list(world().companies)})


@blueprint.get("/state")
def read_state() -> Response:
    """Return addresses, clock and settings."""
    here = world()
    return jsonify(
        {
            "baseUrl": here.base_url,
            "smtp": here.smtp_address,
            "now": iso(here.clock.now()),
            "skewSeconds": here.clock.skew_seconds,
            "limits": here.limits.enforced,
            "settings": asdict(here.settings),
        }
    )


@blueprint.post("/settings")
def change_settings() -> Response:
    """Change fields of ``world.Settings``, or turn ``limits`` on or off."""
    body, here = wish(), world()
    known = {each.name: type(getattr(here.settings, each.name)) for each in fields(Settings)}
    for name, value in body.items():
        if name == "limits":
            here.limits.enforced = bool(value)
        elif name not in known:
            raise ApiError(400, "UNKNOWN_SETTING", f"{name} is not a setting.")
        else:
            try:
                here.settings = replace(here.settings, **{name: known[name](value)})
            except (TypeError, ValueError):
                raise ApiError(400, "INVALID_SETTING", f"{name} has a wrong value.") from None
    return read_state()


@blueprint.post("/clock")
def move_clock() -> Response:
    """Move the clock by ``advance_seconds``; skew delivery timestamps by ``skew_seconds``."""
    body, clock = wish(), world().clock
    step = number(body, "advance_seconds", 0)
    if step < 0:
        raise ApiError(400, "INVALID_NUMBER", "The clock only moves forward.")
    clock.skew_seconds = number(body, "skew_seconds", clock.skew_seconds)
    clock.advance(step)
    return jsonify({"now": iso(clock.now()), "skewSeconds": clock.skew_seconds})


@blueprint.get("/faults")
def list_faults() -> Response:
    """List the active faults and how often each one struck."""
    return jsonify(world().faults.list())


@blueprint.post("/faults")
def add_fault() -> tuple[Response, int]:
    """Activate one fault."""
    try:
        fault = world().faults.add(wish())
    except (TypeError, ValueError, AttributeError) as error:
        raise ApiError(400, "INVALID_FAULT", str(error)) from None
    return jsonify(asdict(fault)), 201


@blueprint.delete("/faults")
def clear_faults() -> tuple[str, int]:
    """Remove all faults."""
    world().faults.clear()
    return "", 204


@blueprint.delete("/faults/<int:fault_id>")
def delete_fault(fault_id: int) -> tuple[str, int]:
    """Remove one fault."""
    if not world().faults.delete(fault_id):
        raise ApiError(404, "FAULT_NOT_FOUND", "There is no such fault.")
    return "", 204


@blueprint.get("/mails")
def list_mails() -> Response:
    """List mails, oldest first.

    Filters: ``to`` (part of an address) and ``since`` (id or date-time).
    """
    try:
        found = world().mailbox.find(request.args.get("to", ""), request.args.get("since", ""))
    except ValueError:
        raise ApiError(400, "INVALID_SINCE", "since is a mail id or a date-time.") from None
    brief = request.args.get("brief") == "1"
    return jsonify([mail.as_json(brief) for mail in found])


@blueprint.delete("/mails")
def delete_mails() -> tuple[str, int]:
    """Empty the mail sink."""
    world().mailbox.clear()
    return "", 204


@blueprint.get("/requests")
def list_requests() -> Response:
    """List the last 2000 API requests, oldest first.

    Filters: ``path``, ``status`` and ``company``.
    """
    path, status = request.args.get("path", ""), request.args.get("status", "")
    company = request.args.get("company", "")
    found = [
        entry
        for entry in list(world().requests)
        if path in entry["path"]
        and (not status or str(entry["status"]) == status)
        and (not company or entry["company"] == company)
    ]
    return jsonify(found)


@blueprint.get("/limits")
def read_limits() -> Response:
    """Return the highest rate and concurrency and the 429s per credential and endpoint."""
    with world().lock:
        owners = {each.id: each for each in world().credentials.values()}
    report = world().limits.report()
    for entry in report:
        owner = owners.get(entry["credentialId"])
        entry["company"] = owner.company_id if owner else None
        entry["credential"] = owner.name if owner else None
    return jsonify(report)


@blueprint.delete("/limits")
def reset_limits() -> tuple[str, int]:
    """Reset these counts."""
    world().limits.reset()
    return "", 204
