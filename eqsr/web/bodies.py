"""Limit what requests may bring: size and time of a body, and the kind that each view takes.

Servers that read the body before they call us (waitress, and gunicorn with our gunicorn.conf.py)
lose no thread to slow senders. With all other servers, these limits protect the threads.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar, cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Request, abort, current_app, request
from werkzeug.exceptions import BadRequest
from werkzeug.formparser import FormDataParser

from eqsr.web.access import SIGNED
from eqsr.web.request_body import Body

# Bytes. No form and no webhook event that we accept is larger.
LARGEST_FORM = 256 * 1024

METHODS_WITH_BODY = ("POST", "PUT", "PATCH", "DELETE")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
JSON = "application/json"
CHARSETS = ("", "utf-8", "utf8")

View = TypeVar("View", bound=Callable[..., Any])


class _BodyDeclared(Protocol):
    """The attributes that the decorators set on a view."""

    takes_json: bool
    takes_file: bool


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


def takes_json(view: View) -> View:
    """Declare that the view takes JSON instead of a form."""
    cast(_BodyDeclared, view).takes_json = True
    return view


def takes_file(view: View) -> View:
    """Declare that the view takes a form with a file."""
    cast(_BodyDeclared, view).takes_file = True
    return view


class FormParser(FormDataParser):
    """Raises BadRequest for forms that are none of ours: nameless fields, unexpected files."""

    takes_file = False

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        """Parse the form; see FormDataParser."""
        stream, fields, files = super().parse(*args, **kwargs)
        if None in fields or None in files or (files and not self.takes_file):
            for _name, file in files.items(multi=True):
                file.close()
            raise BadRequest
        return stream, fields, files


class FormRequest(Request):
    """A request whose form is parsed by FormParser."""

    form_data_parser_class = FormParser

    def make_form_data_parser(self) -> FormDataParser:
        """Make the parser, and tell it whether the view takes a file."""
        parser = super().make_form_data_parser()
        cast(FormParser, parser).takes_file = getattr(_view(), "takes_file", False)
        return parser


def init_bodies(app: Flask) -> None:
    """Check bodies before each request; must come before other hooks, as some read the form."""
    app.request_class = FormRequest
    app.before_request(_check_body)


def _view() -> Callable[..., Any] | None:
    return current_app.view_functions.get(request.endpoint or "")


def _check_body() -> None:
    """Limit the body's size, and answer 415 for a content type that the view does not take."""
    view = _view()
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
