"""Limit what requests may bring: size and time of a body, and the kind that each view takes.

Servers that read the body before they call us (waitress, and gunicorn with our gunicorn.conf.py)
lose no thread to slow senders. With all other servers, these limits protect the threads.
"""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, abort, request

from eqsr.web.access import SIGNED
from eqsr.web.form_requests import FormRequest, view_of_request
from eqsr.web.request_body import Body

# Bytes. No form and no webhook event that we accept is larger.
LARGEST_FORM = 256 * 1024

METHODS_WITH_BODY = ("POST", "PUT", "PATCH", "DELETE")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
JSON = "application/json"
CHARSETS = ("", "utf-8", "utf8")


class Bodies:
    """WSGI middleware that replaces ``wsgi.input`` by a Body, and ends what is not read."""

    def __init__(self, inside: WSGIApplication) -> None:
        self._inside = inside

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
            return self._inside(environ, start_response)
        body = environ["wsgi.input"] = Body(environ)
        try:
            return self._inside(environ, start_response)
        finally:
            body.give_up()


def init_bodies(app: Flask) -> None:
    """Check bodies before each request; must come before other hooks, as some read the form."""
    app.request_class = FormRequest
    app.before_request(_check_body)


def _check_body() -> None:
    """Limit the body's size, and answer 415 for a content type that the view does not take."""
    view = view_of_request()
    if view is None or request.method not in METHODS_WITH_BODY:
        return
    if not getattr(view, "takes_file", False):
        _limit_size(LARGEST_FORM)
    if getattr(view, "access", None) == SIGNED or _has_no_body():
        return
    accepted = (JSON,) if getattr(view, "takes_json", False) else FORMS
    charset = request.mimetype_params.get("charset", "").lower()
    if request.mimetype not in accepted or charset not in CHARSETS:
        abort(415)


def _limit_size(most: int) -> None:
    request.max_content_length = most
    body = request.environ["wsgi.input"]
    if isinstance(body, Body):
        body.most = most


def _has_no_body() -> bool:
    return not request.content_length and "Transfer-Encoding" not in request.headers
