"""Who may call an endpoint. Each one declares it, and what declares nothing is refused."""

from collections.abc import Callable
from functools import wraps

from flask import Flask, abort, request, url_for
from flask import redirect as go
from flask_login import current_user

PUBLIC = "public"  # anybody
HOLDER = "holder"  # whoever holds the link; the view checks it
SIGNED = "signed"  # a machine; the view checks its signature
MEMBER = "member"  # somebody logged in; the view keeps to their organisation


def public(view: Callable) -> Callable:
    view.access = PUBLIC
    return view


def by_token(view: Callable) -> Callable:
    view.access = HOLDER
    return view


def by_signature(view: Callable) -> Callable:
    view.access = SIGNED
    return view


def member(*roles: str) -> Callable:
    """Only somebody logged in, in one of ``roles`` (none named: any role). Others meet a 404 rather
    than a refusal, so that pages of staff do not tell that they exist."""

    def declare(view: Callable) -> Callable:
        @wraps(view)
        def guarded(*args, **kwargs):
            if not current_user.is_authenticated:
                return go_log_in()
            if roles and current_user.role not in roles:
                abort(404)
            return view(*args, **kwargs)

        guarded.access = MEMBER
        guarded.roles = roles
        return guarded

    return declare


def go_log_in():
    """To the login page and, after it, back to where the visitor was going."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    target = url_for("accounts.login", next=wanted)
    if request.headers.get("HX-Request"):
        return "", 204, {"HX-Redirect": target}
    return go(target)


def safe_next(target: str | None) -> str:
    """``target`` if it is a path of this site, else the start page. Browsers read a backslash as
    a slash and skip control characters, so both are refused."""
    bad = not target or not target.startswith("/") or target.startswith("//")
    if bad or "\\" in target or any(ord(letter) < 33 for letter in target):
        return "/"
    return target


def init_access(app: Flask) -> None:
    @app.before_request
    def refuse_the_undeclared():
        if request.endpoint in (None, "static"):
            return
        if not hasattr(app.view_functions[request.endpoint], "access"):
            raise RuntimeError(f"{request.endpoint} does not declare who may call it")
