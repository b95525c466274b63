"""Errors that a person meets, and the pages that show them."""

import logging

from flask import Flask, g, jsonify, render_template, request, url_for
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

# Parts of addresses that whoever reads the log must not have.
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


# Where not even the page of an error can be made.
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
    app.log_exception = _log_exception  # type: ignore[method-assign]
    app.register_error_handler(UserError, _plain)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def error_page(status: int, sentence: str | None = None, title: str | None = None):
    _ask_who_it_is()
    known_title, known_sentence = ERROR_TEXTS.get(status, ERROR_TEXTS[400 if status < 500 else 500])
    if request.path.startswith("/api/"):
        return problem(status, sentence or known_sentence)
    sentence = sentence or _(known_sentence)
    if is_htmx():
        return render_template("errors/_error.html", sentence=sentence), status
    title = title or _(known_title)
    page = render_template("errors/error.html", title=title, sentence=sentence, **_way_on(status))
    return page, status


def problem(status: int, detail: str):
    """An error for a program (RFC 9457)."""
    answer = jsonify(
        type="about:blank", title=HTTP_STATUS_CODES[status], status=status, detail=detail
    )
    answer.mimetype = "application/problem+json"
    return answer, status


def _ask_who_it_is() -> None:
    """Once, before a page asks: while the database is away it is shown as to nobody."""
    try:
        bool(current_user.is_authenticated)
    except Exception as error:
        if not is_database_trouble(error):
            raise
        g._login_user = login.anonymous_user()


def _way_on(status: int) -> dict:
    """Nothing for candidates and for those who are logged out: they have no start page."""
    if status not in (403, 404, 405) or not current_user.is_authenticated:
        return {}
    return {"action_url": url_for("accounts.home"), "action_label": _("Go to the start page")}


def _where() -> str:
    """The address asked for; of a link, which opens what it names, only its form."""
    rule = request.url_rule
    return rule.rule if rule and rule.arguments & SECRET else request.path


def _plain(error: UserError):
    log.info("refused: %s", error, extra={"path": _where()})
    return error_page(error.status, _(error.sentence))


def _stale_form(error: CSRFError):
    return error_page(
        400, _("This form was open for too long. Go back, reload the page and try again.")
    )


def _http(error: HTTPException):
    if error.code is None or error.code < 400:
        return error
    if error.code == 500:
        return _error_page_at_any_rate()
    page, status = error_page(error.code)
    headers = [(k, v) for k, v in error.get_headers() if k.lower() in ("allow", "retry-after")]
    return page, status, headers


def _unexpected(error: Exception):
    if is_database_trouble(error):
        log.error("database trouble: %s", type(error).__name__, extra={"path": _where()})
        g._login_user = login.anonymous_user()  # Flask-Login would ask the database who this is
        return error_page(503)
    if is_invalid_value(error):
        log.warning("unfit value: %s", type(error.orig).__name__, extra={"path": _where()})
        return error_page(400)
    log.exception("unexpected error", extra={"path": _where()})
    return _error_page_at_any_rate()


def _error_page_at_any_rate():
    """What made a page fail may make the page of its error fail too. Flask and gunicorn would then
    write the address to the log, with a link's token."""
    try:
        return error_page(500)
    except Exception:
        log.exception("no page for an error", extra={"path": _where()})
        return BARE_PAGE, 500


def _log_exception(exc_info) -> None:
    """Instead of Flask's, which writes the whole address."""
    log.error("unexpected error", exc_info=exc_info, extra={"path": _where()})
