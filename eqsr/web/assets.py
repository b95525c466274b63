"""Static files: stylesheets, scripts and pictures, compressed and cached by browsers forever.

Pages are never compressed. They contain secrets beside text that an attacker may have chosen, and
the compressed length could reveal the secret (the BREACH attack). Pages are small anyway.
"""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue

IMMUTABLE = "public, max-age=31536000, immutable"
# For files that are requested without a version, such as imported modules: browsers ask again and
# get a 304.
REVALIDATE = "no-cache"
# Stylesheets that every page needs, sent in this order as one file, to save requests.
SHEETS = ("app", "forms", "components", "jobs", "assessment", "results", "pictures")
BUNDLE = "pages.css"
TEXTS = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")


class CacheFriendlySessions(SecureCookieSessionInterface):
    """Never sets the session cookie on cacheable responses.

    The cookie would defeat caching, and a shared cache could leak it to others.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the session cookie, unless the response may be cached."""
        if request.endpoint != "static" and not response.cache_control.public:
            super().save_session(app, session, response)


def init_assets(app: Flask) -> None:
    """Set up the static files of the application and their version."""
    app.session_interface = CacheFriendlySessions()
    folder = _static_folder(app)
    app.extensions["eqsr.asset_version"] = "" if app.debug else _version(folder)
    app.view_functions["static"] = _static


def version() -> str | None:
    """A hash of all static files, for the query of their addresses; None in debug mode."""
    return current_app.extensions["eqsr.asset_version"] or None


def _static_folder(app: Flask) -> Path:
    if app.static_folder is None:
        raise RuntimeError("the application has no static folder")
    return Path(app.static_folder)


def _static(filename: str) -> ResponseReturnValue:
    if filename != BUNDLE:
        return current_app.send_static_file(filename)
    response = Response(_content(filename), mimetype="text/css")
    response.add_etag()
    return response.make_conditional(request)


def finish(response: Response) -> None:
    """Set the caching headers of a static file, and compress it if the browser accepts gzip."""
    current = version() and request.args.get("v") == version()
    response.headers["Cache-Control"] = IMMUTABLE if current else REVALIDATE
    if response.mimetype not in TEXTS:
        return
    response.vary.add("Accept-Encoding")
    if response.status_code == 200 and request.accept_encodings["gzip"]:
        _compress(response)


def _compress(response: Response) -> None:
    filename = (request.view_args or {})["filename"]
    changed_ns = max(path.stat().st_mtime_ns for path in _files(filename))
    compressed = _compressed(filename, changed_ns)
    response.close()
    response.direct_passthrough = False
    response.set_data(compressed)
    response.headers["Content-Encoding"] = "gzip"
    etag, _weak = response.get_etag()
    if etag is not None:
        # Weak, as the file has other bytes now (RFC 9110, section 8.8.3), so that 304 still works.
        response.set_etag(etag, weak=True)


@lru_cache(maxsize=100)
def _compressed(filename: str, changed_ns: int) -> bytes:
    return gzip.compress(_content(filename), mtime=0)


def _content(filename: str) -> bytes:
    return b"".join(path.read_bytes() for path in _files(filename))


def _files(filename: str) -> list[Path]:
    """The files that are sent for this name."""
    names = [f"{sheet}.css" for sheet in SHEETS] if filename == BUNDLE else [filename]
    return [_static_folder(current_app) / name for name in names]


def _version(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    content = b"".join(path.read_bytes() for path in files)
    return hashlib.sha256(content).hexdigest()[:12]
