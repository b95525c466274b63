"""Turn errors into pages, parts of pages for htmx, or JSON for the API."""

import logging
from typing import Any

from flask import Flask, Response, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue, ResponseValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from eqsr.core.db import is_database_trouble, is_invalid_value
from eqsr.core.extensions import login
from eqsr.core.messages import N_, UserError
from eqsr.web.requests import is_htmx

log = logging.getLogger(__name__)

# Names of parts of addresses that must not get into the log.
SECRET = {"token", "key"}

ERROR_TEXTS = {
    400: (
        N_("That did not work"),
        N_("Something in the request was not understood. Go back and try again."),
    ),
    403: (
        N_("Not yours to open"),
        N_("Your account may not do this. Ask an administrator of your team."),
    ),
    404: (N_("Page not found"), N_("There is nothing here, or it is not shared with you.")),
    405: (
        N_("That did not work"),
        N_("This page can't be opened like this. Go back and try again."),
    ),
    408: (
        N_("That took too long"),
        N_("Your connection was too slow to send this. Please try again."),
    ),
    413: (N_("Too large"), N_("What was sent is larger than we accept.")),
    415: (
        N_("That did not work"),
        N_("This page accepts only what its form sends. Go back and use the form."),
    ),
    429: (N_("A little too fast"), N_("There were too many tries. Wait a minute and try again.")),
    500: (
        N_("Something went wrong"),
        N_("The mistake is ours and it has been noted. Please try again."),
    ),
    503: (N_("Back in a moment"), N_("Part of the service is away just now. Please try again.")),
}


# Sent if the error page can't be rendered either.
BARE_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Something went wrong</title></head>
<body>
<h1>Something went wrong</h1>
<p>The mistake is ours and it has been noted. Please try again.</p>
</body>
</html>
"""


def init_errors(app: Flask) -> None:
    """Register the error handlers, and keep links' tokens out of Flask's own log lines."""
    app.log_exception = _log_exception  # type: ignore[method-assign]  # Flask means this to be done
    app.register_error_handler(UserError, _user_error)
    app.register_error_handler(CSRFError, _expired_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


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


def _path() -> str:
    """The requested path for the log; only its rule if it contains a token or key."""
    rule = request.url_rule
    return rule.rule if rule and rule.arguments & SECRET else request.path


def _user_error(error: UserError) -> ResponseReturnValue:
    log.info("refused: %s", error, extra={"path": _path()})
    return error_page(error.status, _(error.sentence))


def _expired_form(_error: CSRFError) -> ResponseReturnValue:
    return error_page(
        400, _("This form was open for too long. Go back, reload the page and try again.")
    )


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    if error.code == 500:
        return _server_error_page()
    page, status = error_page(error.code)
    headers = [(k, v) for k, v in error.get_headers() if k.lower() in ("allow", "retry-after")]
    return page, status, headers


def _unexpected(error: Exception) -> ResponseReturnValue:
    if is_database_trouble(error):
        log.error("database trouble: %s", type(error).__name__, extra={"path": _path()})
        g._login_user = login.anonymous_user()  # or Flask-Login would query the database
        return error_page(503)
    if is_invalid_value(error):
        cause = getattr(error, "orig", error)
        log.warning("invalid value: %s", type(cause).__name__, extra={"path": _path()})
        return error_page(400)
    log.exception("unexpected error", extra={"path": _path()})
    return _server_error_page()


def _server_error_page() -> ResponseReturnValue:
    """Render the page for status 500, or BARE_PAGE if that fails.

    If it raised, Flask and gunicorn would log the address, perhaps with a link's token.
    """
    try:
        return error_page(500)
    except Exception:
        log.exception("the error page failed", extra={"path": _path()})
        return BARE_PAGE, 500


def _log_exception(exc_info: Any) -> None:
    """Replaces Flask's method, which logs the whole address."""
    log.error("unexpected error", exc_info=exc_info, extra={"path": _path()})
