"""The entrance of the API: authentication, rate limits, faults, and the log of every request."""

import contextlib
import functools
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, request

from .clock import iso
from .errors import ApiError
from .faults import API_KINDS, Fault
from .limits import Ticket
from .state import Company, Credential
from .world import World

# SmartRecruiters docs, access scopes, name it; its place in the body is a guess.
SCOPE_ERROR = "OAuthPermissionsException"
LOCAL_SURFACES = ("app", "faults", "mail", "sandbox", "static")
_SLOWEST_SECONDS = 300.0


@dataclass
class Caller:
    """The credential that sent a request, and its company."""

    credential: Credential
    company: Company


def world() -> World:
    """Return the world of the running application."""
    return current_app.extensions["sandbox_world"]


def needs(*any_of: str, locked: bool = True) -> Callable[..., Callable[..., Any]]:
    """Require one of these scopes for an API view, and pass the caller to it.

    The view runs with the world's lock held unless ``locked`` is False.
    """

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def run(**values: Any) -> Any:
            if not locked:
                return view(g.caller, **values)
            with world().lock:
                return view(g.caller, **values)

        run.scopes = any_of  # type: ignore[attr-defined]
        return run

    return mark


def install(app: Flask) -> None:
    """Install these checks before every path of the API."""
    app.before_request(_enter)
    app.after_request(_leave)
    app.teardown_request(_give_back)


def refuse_foreign_origin() -> None:
    """Refuse a write sent by a page of another site: no log-in protects the sandbox."""
    origin = request.headers.get("Origin")
    if request.method != "GET" and origin and origin != f"{request.scheme}://{request.host}":
        raise ApiError(403, "FOREIGN_ORIGIN", "This request comes from another site.")


def documented() -> bool:
    """Whether to answer as the published OpenAPI says, rather than as first assumed."""
    return world().settings.documented


def is_api() -> bool:
    """Whether the current request belongs to SmartRecruiters' API."""
    first = request.path.lstrip("/").split("/", 1)[0]
    return bool(first) and first not in LOCAL_SURFACES


def is_behind() -> bool:
    """Whether this read does not show the latest change yet."""
    return g.fault is not None and g.fault.kind == "behind"


def _enter() -> Response | None:
    g.started = time.perf_counter()
    g.ticket = Ticket()
    g.fault = None
    g.caller = None
    if not is_api() or request.url_rule is None:
        return None
    view = current_app.view_functions[request.endpoint]
    scopes = getattr(view, "scopes", None)
    endpoint = f"{request.method} {request.url_rule.rule}"
    if scopes is not None:
        g.caller = _caller()
        g.ticket = world().limits.enter(g.caller.credential.id, endpoint)
        if not g.ticket.allowed:
            raise ApiError(429, "TOO_MANY_REQUESTS", "The limit of requests is exceeded.")
    company = g.caller.company.id if g.caller else ""
    g.fault = world().faults.pick(
        API_KINDS, method=request.method, path=request.path, company=company
    )
    if g.fault and g.fault.kind == "slow":
        world().faults.wait_out(g.fault, _SLOWEST_SECONDS)
    elif g.fault and g.fault.kind != "behind" and g.fault.when == "before":
        return _broken(g.fault)
    if scopes and not g.caller.credential.scopes & set(scopes):
        message = f"The credential lacks the scope {' or '.join(scopes)}."
        raise ApiError(403, SCOPE_ERROR, message)
    return None


def _caller() -> Caller:
    key = request.headers.get("X-SmartToken")
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    with world().lock:
        credential = None
        if key:
            found = world().credentials.get(key.strip())
            credential = found if found and found.kind == "api_key" else None
        elif scheme.lower() == "bearer":
            credential = world().credential_of_token(token.strip())
        if credential is None or credential.revoked:
            raise ApiError(401, "UNAUTHORIZED", "The access token is missing, wrong or expired.")
        return Caller(credential, world().companies[credential.company_id])


def _broken(fault: Fault) -> Response:
    """Answer as the fault says: ``cut`` stops within the body, ``reset`` before the first byte."""
    if fault.kind.isdigit():
        message = "A fault that is switched on in the sandbox."
        # A 403 that names a missing scope and one that does not ("denied") have different meanings.
        code = SCOPE_ERROR if fault.kind == "403" else f"FAULT_{fault.kind}"
        response = jsonify(ApiError(int(fault.kind), code, message).body())
        response.status_code = int(fault.kind)
        return response
    if fault.kind == "denied":
        response = jsonify(ApiError(403, "PERMISSION_DENIED", "There is no permission.").body())
        response.status_code = 403
        return response
    if fault.kind == "garbage":
        return Response("<<<{not json", 200, content_type="application/json")
    if fault.kind == "reset":
        _close_connection()
    response = Response(b'{"content": [', 200, content_type="application/json")
    response.automatically_set_content_length = False
    response.headers["Content-Length"] = "4096"
    return response


def _close_connection() -> None:
    # Waitress passes a method of the channel that owns the client's socket.
    alive = request.environ.get("waitress.client_disconnected")
    if alive is not None:
        with contextlib.suppress(OSError):  # the client may have closed it first
            alive.__self__.socket.shutdown(socket.SHUT_RDWR)


def _leave(response: Response) -> Response:
    if not is_api():
        return response
    _record(response)
    if g.fault and g.fault.when == "after" and g.fault.kind not in ("slow", "behind"):
        response = _broken(g.fault)
    response.headers.extend(g.ticket.headers())
    caller: Caller | None = g.caller
    world().requests.append(
        {
            "at": iso(world().clock.now()),
            "method": request.method,
            "path": request.path,
            "query": request.query_string.decode("latin-1"),
            "company": caller.company.id if caller else None,
            "credentialId": caller.credential.id if caller else None,
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.started) * 1000, 1),
            "fault": g.fault.kind if g.fault else None,
        }
    )
    return response


def _record(response: Response) -> None:
    """Log the answer before a fault spoils it, and mark answers that replaced the view's."""
    recorder = world().recorder
    if recorder is not None:
        faulty = bool(g.fault) and g.fault.when == "before" and g.fault.kind != "slow"
        answers = world().settings.answers
        recorder.write(request, response, faulty=faulty, answers=answers)


def _give_back(_error: BaseException | None) -> None:
    ticket = g.pop("ticket", None)
    if ticket is not None:
        world().limits.leave(ticket)
