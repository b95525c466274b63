"""The application on a real port, for whoever calls it from outside: sandbox and browser."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

from eqsr.settings import Settings


class Site:
    """A served application; ``url`` is its PUBLIC_URL."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.settings: Settings = app.extensions["eqsr.settings"]
        self.url = self.settings.public_url


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def kept_port() -> Iterator[int]:
    """A port that nobody else is given for the length of a block. Calls to it are refused until a
    server listens there: bound alone, it does not hinder one (SO_REUSEADDR)."""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@contextmanager
def served(app: Flask) -> Iterator[Site]:
    """Serve ``app`` by threads for the length of a block."""
    site = Site(app)
    server = make_server("127.0.0.1", site.settings.port, app, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
