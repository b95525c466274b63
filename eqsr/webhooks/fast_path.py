"""The short way in for webhooks, of which thousands come at once.

An event that is in order needs no session, form, login or language, and Flask's extensions for
those cost it more than its signature and row together (docs/loss-free.md). So it is taken here;
whatever is not plainly in order goes on to the view, which knows every other answer.
"""

import io
from collections.abc import Callable, Iterable

from flask import Flask

from eqsr.connections.webhook_keys import endpoint
from eqsr.web.bodies import LARGEST_FORM, declared_length
from eqsr.webhooks import service
from eqsr.webhooks.metrics import REPEATED, STORED

WEBHOOK_PATH = "/webhooks/smartrecruiters/"
ACCEPTED = ("202 ACCEPTED", [("Content-Length", "0"), ("Content-Type", "text/plain")])


class FastPath:
    """WSGI middleware around the application. It asks who lives at the address before it reads
    the body, so that a stranger's is never waited for."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._inside = app.wsgi_app

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        if self._is_delivery(environ) and self._taken(environ):
            start_response(*ACCEPTED)
            return ()
        return self._inside(environ, start_response)

    def _is_delivery(self, environ: dict) -> bool:
        length = declared_length(environ)
        return (
            environ["REQUEST_METHOD"] == "POST"
            and environ["PATH_INFO"].startswith(WEBHOOK_PATH)
            and "HTTP_X_HOOK_SECRET" not in environ
            and length is not None
            and length <= LARGEST_FORM
        )

    def _taken(self, environ: dict) -> bool:
        """False leaves it to the view, which meets what went wrong again, answers and reports."""
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


def _headers(environ: dict) -> dict[str, str]:
    return {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
