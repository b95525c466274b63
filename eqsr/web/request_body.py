"""Read the body of a request: at most so many bytes, in a limited time, in few threads at once."""

import io
import logging
import socket
from typing import Any
from wsgiref.types import WSGIEnvironment

from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge, RequestTimeout

from eqsr.web.body_reading import stop_reading, turn, watched
from serving.arrival import LARGEST_BODY
from serving.patience import body_seconds

log = logging.getLogger(__name__)


class Body(io.RawIOBase):
    """A request's body; the first read fetches all of it.

    ``most``: the largest size in bytes that is accepted.
    Every read raises RequestEntityTooLarge, RequestTimeout (too slow), BadRequest (incomplete or
    malformed) or ServiceUnavailable (too many threads are waiting for bodies) if the first did.
    """

    def __init__(self, environ: WSGIEnvironment) -> None:
        self._source = environ["wsgi.input"]
        self._socket: socket.socket | None = environ.get("gunicorn.socket")
        if isinstance(self._source, io.BytesIO):
            self._socket = None  # the whole body has arrived already
        self._length = declared_length(environ)
        self._terminated = "wsgi.input_terminated" in environ
        self.most = LARGEST_BODY
        self._whole: io.BytesIO | None = None
        self._refused: HTTPException | None = None

    def readable(self) -> bool:
        """Always True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into ``buffer``; see the class for what it raises."""
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
        """Stop reading the connection if the body was not read, or the server would wait for it."""
        if self._whole is None and self._socket is not None and self._length != 0:
            stop_reading(self._socket)

    def _read_all(self) -> bytes:
        if self._length is not None and self._length > self.most:
            raise RequestEntityTooLarge
        if self._length is None and not self._terminated:
            return b""  # the server does not detect the end of the body
        if self._socket is None:
            return self._read_here()
        with turn(), watched(self._socket, body_seconds(self._length or 0)) as late:
            try:
                return self._read_here()
            except BadRequest:
                if late.is_set():
                    raise RequestTimeout from None
                raise

    def _read_here(self) -> bytes:
        wanted = self.most + 1 if self._length is None else self._length
        try:
            data = bytes(self._source.read(wanted))
        except Exception as error:  # each server raises errors of its own for a broken body
            log.info("body not read: %s", type(error).__name__)
            raise BadRequest from None
        if len(data) > self.most:
            raise RequestEntityTooLarge
        if self._length is not None and len(data) < self._length:
            raise BadRequest
        return data


def declared_length(environ: WSGIEnvironment) -> int | None:
    """Read Content-Length in bytes; None if it is missing or not a number.

    Numbers of more than 15 digits count as too large, because Python refuses to parse very long
    ones.
    """
    given = str(environ.get("CONTENT_LENGTH") or "")
    if not (given.isascii() and given.isdigit()):
        return None
    return int(given) if len(given) <= 15 else LARGEST_BODY + 1
