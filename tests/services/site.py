"""The application on a real port, for the sandbox and the browser to call."""

import threading
from collections.abc import Callable, Iterable, Iterator
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


class _Requests:
    """WSGI middleware that counts the requests in progress.

    A request that outlasts its test would write into the next test's database.
    """

    def __init__(self, inside: Callable) -> None:
        self._inside = inside
        self._changed = threading.Condition()
        self._under_way: list[str] = []

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        with self._changed:
            self._under_way.append(path)
        try:
            # Whether the answer is closed too can't be told: the server forgets it when the caller
            # hangs up.
            return self._inside(environ, start_response)
        finally:
            with self._changed:
                self._under_way.remove(path)
                self._changed.notify_all()

    def wait_for_end(self, seconds: float = 30) -> None:
        """Wait until no request is in progress. Raises AssertionError after ``seconds``."""
        with self._changed:
            ended = self._changed.wait_for(lambda: not self._under_way, seconds)
        assert ended, f"still under way: {self._under_way}"


@contextmanager
def served(app: Flask) -> Iterator[Site]:
    """Serve ``app`` with threads for the length of a block."""
    site = Site(app)
    requests = _Requests(app)
    server = make_server("127.0.0.1", site.settings.port, requests, threaded=True)
    server.daemon_threads = True
    # The default, half a second, would delay the end of nearly every test.
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        requests.wait_for_end()
