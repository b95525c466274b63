"""A fast path for webhooks, which arrive by the thousand.

A valid event needs no session, form, login or language, and Flask's extensions for these cost more
than its signature and row together (docs/loss-free.md). So it is stored here; everything else goes
on to the view, which knows every other answer.
"""

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

from eqsr.connections.webhook_keys import endpoint
from eqsr.web.bodies import LARGEST_FORM
from eqsr.web.request_body import declared_length
from eqsr.webhooks import service
from eqsr.webhooks.metrics import REPEATED, STORED

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

WEBHOOK_PATH = "/webhooks/smartrecruiters/"
ACCEPTED = ("202 ACCEPTED", [("Content-Length", "0"), ("Content-Type", "text/plain")])


class FastPath:
    """WSGI middleware around the application.

    Looks up the address before it reads the body, so that it never waits for a stranger's body.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._inside = app.wsgi_app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if self._is_delivery(environ) and self._store(environ):
            start_response(*ACCEPTED)
            return ()
        return self._inside(environ, start_response)

    def _is_delivery(self, environ: "WSGIEnvironment") -> bool:
        length = declared_length(environ)
        return (
            environ["REQUEST_METHOD"] == "POST"
            and environ["PATH_INFO"].startswith(WEBHOOK_PATH)
            and "HTTP_X_HOOK_SECRET" not in environ
            and length is not None
            and length <= LARGEST_FORM
        )

    def _store(self, environ: "WSGIEnvironment") -> bool:
        """Store the event. After any failure return False: the view meets it again and answers."""
        key = environ["PATH_INFO"].removeprefix(WEBHOOK_PATH)
        with self._app.app_context():
            try:
                if endpoint(key) is None:
                    return False
                body = environ["wsgi.input"].read()
                environ["wsgi.input"] = io.BytesIO(body)
                fresh = service.receive(key, _headers(environ), body)
            except Exception:
                return False
        (STORED if fresh else REPEATED).inc()
        return True


def _headers(environ: "WSGIEnvironment") -> dict[str, str]:
    return {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
