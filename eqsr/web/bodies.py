"""What requests may bring: how large a body is, how slowly it may come, and that a form is a form.

Servers that have read the body before they call us (waitress, and gunicorn as gunicorn.conf.py has
it) lose no thread to slow ones. For all others the limits here are what protects them.
"""

import io
import logging
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from flask import Flask, Request, abort, current_app, request
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    RequestEntityTooLarge,
    RequestTimeout,
    ServiceUnavailable,
)
from werkzeug.formparser import FormDataParser

from eqsr.web.access import SIGNED
from serving.patience import body_seconds

log = logging.getLogger(__name__)

# Bytes. A form with the longest texts that it takes is smaller, and so is each kind of event.
LARGEST_FORM = 256 * 1024
# Bytes that any body may have: with a picture, or of a program that has proved nothing yet.
LARGEST_BODY = 1 << 20
# Threads of one process that may wait for bodies at the same time, and how many seconds one
# waits for its turn.
MOST_WAITING, TURN_SECONDS = 4, 0.03

BRINGS_BODY = ("POST", "PUT", "PATCH", "DELETE")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
JSON = "application/json"
CHARSETS = ("", "utf-8", "utf8")

_turns = threading.BoundedSemaphore(MOST_WAITING)


class Bodies:
    """WSGI middleware: ``wsgi.input`` is a Body, and what was left unread is not waited for."""

    def __init__(self, inside: Callable) -> None:
        self._inside = inside

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
            return self._inside(environ, start_response)
        body = environ["wsgi.input"] = Body(environ)
        try:
            return self._inside(environ, start_response)
        finally:
            body.give_up()


class Body(io.RawIOBase):
    """A request's body, read as a whole at the first read.

    Raises RequestEntityTooLarge, RequestTimeout (too slow), BadRequest (it ended early, or makes
    no sense) and ServiceUnavailable (too many are waited for); each again at every read.
    """

    def __init__(self, environ: dict) -> None:
        self._source = environ["wsgi.input"]
        self._socket: socket.socket | None = environ.get("gunicorn.socket")
        if isinstance(self._source, io.BytesIO):
            self._socket = None  # it is all here
        self._length = declared_length(environ)
        self._ends = "wsgi.input_terminated" in environ
        self.most = LARGEST_BODY
        self._whole: io.BytesIO | None = None
        self._refused: HTTPException | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        if self._refused is not None:
            raise self._refused
        if self._whole is None:
            try:
                self._whole = io.BytesIO(self._read_all())
            except HTTPException as refused:
                self._refused = refused
                raise
        return self._whole.readinto(buffer)

    def give_up(self) -> None:
        """End the connection if nobody read the body: the server would wait for the rest."""
        if self._whole is None and self._socket is not None and self._length != 0:
            _stop_reading(self._socket)

    def _read_all(self) -> bytes:
        if self._length is not None and self._length > self.most:
            raise RequestEntityTooLarge
        if self._length is None and not self._ends:
            return b""  # the server can't tell where it ends
        if self._socket is None:
            return self._read_here()
        with _turn(), _watched(self._socket, body_seconds(self._length or 0)) as late:
            try:
                return self._read_here()
            except BadRequest:
                if late.is_set():
                    raise RequestTimeout from None
                raise

    def _read_here(self) -> bytes:
        wanted = self.most + 1 if self._length is None else self._length
        try:
            data = self._source.read(wanted)
        except Exception as error:  # each server has errors of its own for a broken body
            log.info("body not read: %s", type(error).__name__)
            raise BadRequest from None
        if len(data) > self.most:
            raise RequestEntityTooLarge
        if self._length is not None and len(data) < self._length:
            raise BadRequest
        return data


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=TURN_SECONDS):
        raise ServiceUnavailable(retry_after=10)
    try:
        yield
    finally:
        _turns.release()


@contextmanager
def _watched(connection: socket.socket, seconds: float) -> Iterator[threading.Event]:
    """End all reading of ``connection`` after ``seconds``; the event tells that it happened. A
    limit for each read would not do: a byte now and then keeps it from running out."""
    late = threading.Event()

    def end() -> None:
        late.set()
        _stop_reading(connection)

    watch = threading.Timer(seconds, end)
    watch.daemon = True
    watch.start()
    try:
        yield late
    finally:
        watch.cancel()


def _stop_reading(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RD)
    except OSError:
        log.debug("the connection is closed already")


def declared_length(environ: dict) -> int | None:
    """Bytes that the body is said to have; None if nothing is said, or nothing that is a number.
    Figures without end, which Python refuses to read, count as too large."""
    given = environ.get("CONTENT_LENGTH") or ""
    if not (given.isascii() and given.isdigit()):
        return None
    return int(given) if len(given) <= 15 else LARGEST_BODY + 1


def takes_json(view: Callable) -> Callable:
    """Declares that a view's body is JSON, not a form."""
    view.takes_json = True
    return view


def takes_file(view: Callable) -> Callable:
    """Declares that a view's form brings a file."""
    view.takes_file = True
    return view


class FormParser(FormDataParser):
    """Raises BadRequest for what no form of ours sends: a field without a name, and a file where
    none is asked for."""

    takes_file = False

    def parse(self, *args, **kwargs):
        stream, fields, files = super().parse(*args, **kwargs)
        if None in fields or None in files or (files and not self.takes_file):
            for _name, file in files.items(multi=True):
                file.close()
            raise BadRequest
        return stream, fields, files


class FormRequest(Request):
    form_data_parser_class = FormParser

    def make_form_data_parser(self) -> FormDataParser:
        parser = super().make_form_data_parser()
        parser.takes_file = getattr(_view(), "takes_file", False)
        return parser


def init_bodies(app: Flask) -> None:
    """Before all other hooks, of which some read the form."""
    app.request_class = FormRequest
    app.before_request(_check_kind)


def _view() -> Callable | None:
    return current_app.view_functions.get(request.endpoint or "")


def _check_kind() -> None:
    """413 and 415 before the body is read."""
    view = _view()
    if view is None or request.method not in BRINGS_BODY:
        return
    if not getattr(view, "takes_file", False):
        _limit(LARGEST_FORM)
    if getattr(view, "access", None) == SIGNED or _brings_nothing():
        return
    fitting = (JSON,) if getattr(view, "takes_json", False) else FORMS
    charset = request.mimetype_params.get("charset", "").lower()
    if request.mimetype not in fitting or charset not in CHARSETS:
        abort(415)


def _limit(most: int) -> None:
    request.max_content_length = most
    body = request.environ["wsgi.input"]
    if isinstance(body, Body):
        body.most = most


def _brings_nothing() -> bool:
    return not request.content_length and "Transfer-Encoding" not in request.headers
