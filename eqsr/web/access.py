"""Who may call an endpoint. Each one declares it, and what declares nothing is refused."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from urllib.parse import urlsplit

from flask import Flask, abort, request, url_for
from flask import redirect as go
from flask_login import current_user

from eqsr.teams import members, visibility
from eqsr.web.requests import is_htmx

PUBLIC = "public"  # anybody
LINK_HOLDER = "holder"  # whoever holds the link; the view checks it
SIGNED = "signed"  # a machine; the view checks its signature
MEMBER = "member"  # somebody logged in, who sees what the ids in the address name

# May this user see what an id in an address names? Asked before any member's page is called.
SEES = {
    "job_id": visibility.sees_job,
    "candidate_id": visibility.sees_candidate,
    "application_id": visibility.sees_application,
    "invitation_id": visibility.sees_invitation,
    "user_id": members.is_member,
}


def public(view: Callable) -> Callable:
    view.access = PUBLIC
    return view


def by_token(view: Callable) -> Callable:
    view.access = LINK_HOLDER
    return view


def by_signature(view: Callable) -> Callable:
    view.access = SIGNED
    return view


def member(*roles: str) -> Callable:
    """Only somebody logged in, in one of ``roles`` (none named: any role), who sees what the ids in
    the address name (``SEES``). Others meet a 404 rather than a refusal, so that pages do not tell
    that they exist."""

    def declare(view: Callable) -> Callable:
        @wraps(view)
        def guarded(*args, **kwargs):
            if not current_user.is_authenticated:
                return redirect_to_login()
            if roles and current_user.role not in roles:
                abort(404)
            if not all(SEES[name](current_user, kwargs[name]) for name in SEES if name in kwargs):
                abort(404)
            return view(*args, **kwargs)

        guarded.access = MEMBER
        guarded.roles = roles
        return guarded

    return declare


def redirect_to_login():
    """To the login page and, after it, back to where the visitor was going; or back to the page
    whose part was asked for."""
    if is_htmx():
        target = url_for("accounts.login", next=_page_around())
        return "", 204, {"HX-Redirect": target}
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return go(url_for("accounts.login", next=wanted))


def _page_around() -> str:
    """The path of the page on which htmx runs."""
    with suppress(ValueError):
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        return f"{page.path}?{page.query}" if page.query else page.path or "/"
    return "/"


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
