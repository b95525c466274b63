"""The short way in for webhooks, of which thousands come at once.

An event that is in order needs no session, form, login or language, and Flask's extensions for
those cost it more than its signature and row together (docs/loss-free.md). So it is taken here;
whatever is not plainly in order goes on to the view, which knows every other answer.
"""

import io
from collections.abc import Callable, Iterable

from flask import Flask

from eqsr.webhooks import service
from eqsr.webhooks.reports import REPEATED, STORED

PREFIX = "/webhooks/smartrecruiters/"
ACCEPTED = ("202 ACCEPTED", [("Content-Length", "0"), ("Content-Type", "text/plain")])


class Door:
    """WSGI middleware around the application; ``MAX_CONTENT_LENGTH`` holds here too."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._inside = app.wsgi_app
        self._most = app.config["MAX_CONTENT_LENGTH"]

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        if self._is_delivery(environ) and self._taken(environ):
            start_response(*ACCEPTED)
            return ()
        return self._inside(environ, start_response)

    def _is_delivery(self, environ: dict) -> bool:
        length = environ.get("CONTENT_LENGTH") or ""
        return (
            environ["REQUEST_METHOD"] == "POST"
            and environ["PATH_INFO"].startswith(PREFIX)
            and "HTTP_X_HOOK_SECRET" not in environ
            and length.isdigit()
            and int(length) <= self._most
        )

    def _taken(self, environ: dict) -> bool:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = io.BytesIO(body)
        headers = {
            name[5:].replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        with self._app.app_context():
            try:
                fresh = service.receive(environ["PATH_INFO"].removeprefix(PREFIX), headers, body)
            except Exception:  # the view meets it again, answers and reports it
                return False
        (STORED if fresh else REPEATED).inc()
        return True
