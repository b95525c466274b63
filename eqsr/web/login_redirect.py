"""Send visitors to the login page, and afterwards to the page that they wanted."""

from contextlib import suppress
from urllib.parse import urlsplit

from flask import redirect as go
from flask import request, url_for
from flask.typing import ResponseReturnValue

from eqsr.web.requests import is_htmx


def redirect_to_login() -> ResponseReturnValue:
    """Send the visitor to the login page, and back to the requested page after it.

    For a part that htmx requested, back to the page around it.
    """
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
    """Return ``target`` if it is a path of this site, else the start page.

    Refuses backslashes, which browsers read as slashes, and control characters, which they skip.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return "/"
    if "\\" in target or any(ord(letter) < 33 for letter in target):
        return "/"
    return target
