"""Handle errors of all views: log what operators need, answer with an error page."""

import logging
from typing import Any

from flask import Flask, g, request
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from eqsr.core.db_errors import is_database_trouble, is_invalid_value
from eqsr.core.extensions import login
from eqsr.core.messages import NotFoundError, UserError
from eqsr.web.error_pages import error_page
from eqsr.web.error_texts import BARE_PAGE
from eqsr.web.parts import page_above
from eqsr.web.refusals import record_refusal

log = logging.getLogger(__name__)

# Names of parts of addresses that must not get into the log.
SECRET = {"token", "key"}


def init_errors(app: Flask) -> None:
    """Register the error handlers, and keep links' tokens out of Flask's own log lines."""
    app.log_exception = _log_exception  # type: ignore[method-assign]  # Flask means this to be done
    app.register_error_handler(UserError, _user_error)
    app.register_error_handler(CSRFError, _expired_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _path() -> str:
    """The requested path for the log; only its rule if it contains a token or key."""
    rule = request.url_rule
    return rule.rule if rule and rule.arguments & SECRET else request.path


def _user_error(error: UserError) -> ResponseReturnValue:
    log.info("refused: %s", error, extra={"path": _path()})
    if isinstance(error, NotFoundError):
        record_refusal()
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
    if error.code == 405 and (page_path := page_above()):
        return go(page_path)
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
