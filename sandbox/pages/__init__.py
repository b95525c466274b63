"""Pages for people: a small applicant tracking system, the mail sink, and the fault switches."""

import secrets

from flask import Flask, Response, request

from ..gate import world
from . import candidates, credentials, faults, home, jobs, mail, texts, webhooks

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)


def install(app: Flask) -> None:
    """Register the pages with the application."""
    app.secret_key = secrets.token_bytes(32)
    # Cookies ignore ports: the product under test on the same host keeps its own "session".
    app.config["SESSION_COOKIE_NAME"] = "sandbox_session"
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    for room in (home, jobs, candidates, credentials, webhooks, mail, faults):
        app.register_blueprint(room.blueprint)
    app.jinja_env.filters.update(
        stage=texts.stage, linkify=texts.linkify, moment=texts.moment, words=texts.words
    )
    app.jinja_env.globals["world"] = world
    app.after_request(_protect)


def is_page(path: str) -> bool:
    """Return whether a path belongs to the pages rather than to an API."""
    return path == "/" or path.split("/")[1] in ("app", "mail", "faults")


def _protect(response: Response) -> Response:
    if is_page(request.path):
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        # "no-referrer" would make browsers send "Origin: null" with the sandbox's own forms.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
    return response
