"""Render an error as a page, as a part of a page for htmx, or as JSON for the API."""

from flask import Response, g, jsonify, render_template, request, url_for
from flask.typing import ResponseValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.http import HTTP_STATUS_CODES

from eqsr.core.db_errors import is_database_trouble
from eqsr.core.extensions import login
from eqsr.web.error_texts import ERROR_TEXTS
from eqsr.web.requests import is_htmx


def error_page(
    status: int, sentence: str | None = None, title: str | None = None
) -> tuple[ResponseValue, int]:
    """Render an error; returns the page (or htmx part, or JSON for the API) and its status.

    ``sentence`` and ``title`` are translated texts; by default those of ERROR_TEXTS.
    """
    _load_user()
    known_title, known_sentence = ERROR_TEXTS.get(status, ERROR_TEXTS[400 if status < 500 else 500])
    if request.path.startswith("/api/"):
        return problem(status, sentence or known_sentence)
    sentence = sentence or _(known_sentence)
    if is_htmx():
        return render_template("errors/_error.html", sentence=sentence), status
    title = title or _(known_title)
    return render_template(
        "errors/error.html", title=title, sentence=sentence, **_action(status)
    ), status


def problem(status: int, detail: str) -> tuple[Response, int]:
    """Make an error for a program (RFC 9457); returns the response and its status."""
    answer = jsonify(
        type="about:blank", title=HTTP_STATUS_CODES[status], status=status, detail=detail
    )
    answer.mimetype = "application/problem+json"
    return answer, status


def _load_user() -> None:
    """Load the user before the page needs it; while the database is away, show a visitor's page."""
    try:
        bool(current_user.is_authenticated)
    except Exception as error:
        if not is_database_trouble(error):
            raise
        g._login_user = login.anonymous_user()


def _action(status: int) -> dict[str, str]:
    """A link to the start page for logged-in users; candidates and visitors have no such page."""
    if status not in (403, 404, 405) or not current_user.is_authenticated:
        return {}
    return {"action_url": url_for("accounts.home"), "action_label": _("Go to the start page")}
