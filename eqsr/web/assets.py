"""Style, scripts and pictures of pages: kept by browsers for ever, and sent compressed.

Only these are compressed. A page holds secrets beside what a stranger may have chosen, and the
length of the two compressed together can tell the secret (the BREACH attack); pages are small.
"""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue

IMMUTABLE = "public, max-age=31536000, immutable"
# What is asked for without a version, such as a module by another: asked again, answered by 304.
ASK_AGAIN = "no-cache"
# What every page loads, in this order, is sent as one file: a phone asks once and not seven times.
SHEETS = ("app", "forms", "components", "jobs", "assessment", "results", "pictures")
TOGETHER = "pages.css"
TEXTS = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")


class Sessions(SecureCookieSessionInterface):
    """What anybody may keep carries nobody's session: else it would be another file for a browser
    whenever the cookie is renewed, and a cache on the way could hand the cookie to others."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static" and not response.cache_control.public:
            super().save_session(app, session, response)


def init_assets(app: Flask) -> None:
    app.session_interface = Sessions()
    folder = Path(app.static_folder)
    app.extensions["eqsr.asset_version"] = "" if app.debug else _version(folder)
    app.view_functions["static"] = _static


def version() -> str | None:
    """Belongs behind every address of a static file; another one after any of them changed."""
    return current_app.extensions["eqsr.asset_version"] or None


def _static(filename: str) -> ResponseReturnValue:
    if filename != TOGETHER:
        return current_app.send_static_file(filename)
    response = Response(_content(filename), mimetype="text/css")
    response.add_etag()
    return response.make_conditional(request)


def finish(response: Response) -> None:
    """Say how long a static file may be kept, and compress it for who can read that."""
    current = version() and request.args.get("v") == version()
    response.headers["Cache-Control"] = IMMUTABLE if current else ASK_AGAIN
    if response.mimetype not in TEXTS:
        return
    response.vary.add("Accept-Encoding")
    if response.status_code == 200 and request.accept_encodings["gzip"]:
        _compress(response)


def _compress(response: Response) -> None:
    filename = request.view_args["filename"]
    changed_ns = max(path.stat().st_mtime_ns for path in _files(filename))
    packed = _packed(filename, changed_ns)
    response.close()
    response.direct_passthrough = False
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    # Weak: the same file in other bytes (RFC 9110, section 8.8.3), so that a 304 still works.
    response.set_etag(response.get_etag()[0], weak=True)


@lru_cache(maxsize=100)
def _packed(filename: str, changed_ns: int) -> bytes:
    return gzip.compress(_content(filename), mtime=0)


def _content(filename: str) -> bytes:
    return b"".join(path.read_bytes() for path in _files(filename))


def _files(filename: str) -> list[Path]:
    """What an address of a static file is made of."""
    names = [f"{sheet}.css" for sheet in SHEETS] if filename == TOGETHER else [filename]
    return [Path(current_app.static_folder, name) for name in names]


def _version(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    content = b"".join(path.read_bytes() for path in files)
    return hashlib.sha256(content).hexdigest()[:12]
