"""The application on a real port, for whoever calls it from outside: sandbox and browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

from eqsr.core.settings import Settings


class Site:
    """A served application; ``url`` is its PUBLIC_URL."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.settings: Settings = app.extensions["eqsr.settings"]
        self.url = self.settings.public_url


@contextmanager
def served(app: Flask) -> Iterator[Site]:
    """Serve ``app`` by threads for the length of a block."""
    site = Site(app)
    server = make_server("127.0.0.1", site.settings.port, app, threaded=True)
    server.daemon_threads = True
    # Half a second, the default, is what the end of nearly each test would wait for.
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
