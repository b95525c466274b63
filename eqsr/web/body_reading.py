"""Limit how long, and in how many threads, bodies of requests are read."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.exceptions import ServiceUnavailable

log = logging.getLogger(__name__)

# Most threads of one process that may wait for bodies at the same time, and seconds to wait for one
# of these places.
MAX_WAITING, TURN_SECONDS = 4, 0.03

_turns = threading.BoundedSemaphore(MAX_WAITING)


@contextmanager
def turn() -> Iterator[None]:
    """Take one of the places for waiting threads. Raises ServiceUnavailable if none gets free."""
    if not _turns.acquire(timeout=TURN_SECONDS):
        raise ServiceUnavailable(retry_after=10)
    try:
        yield
    finally:
        _turns.release()


@contextmanager
def watched(connection: socket.socket, seconds: float) -> Iterator[threading.Event]:
    """Stop reading ``connection`` after ``seconds``; the event is set when that happened.

    A timeout for each read is not enough: a byte now and then would keep it from expiring.
    """
    late = threading.Event()

    def end() -> None:
        late.set()
        stop_reading(connection)

    watch = threading.Timer(seconds, end)
    watch.daemon = True
    watch.start()
    try:
        yield late
    finally:
        watch.cancel()


def stop_reading(connection: socket.socket) -> None:
    """Read nothing more from this connection."""
    try:
        connection.shutdown(socket.SHUT_RD)
    except OSError:
        log.debug("the connection is closed already")
