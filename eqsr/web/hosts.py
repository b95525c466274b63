"""Answer only at known host names.

This is checked first, so that no host name from outside gets into a page, a link or the log.
"""

import logging
import re
from collections.abc import Iterable
from ipaddress import IPv6Address
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from eqsr.core.address_checks import is_loopback
from eqsr.core.settings import Settings

log = logging.getLogger(__name__)

# Load balancers request these by any address of the machine, or without a Host (HTTP/1.0).
ANY_HOST = ("/healthz", "/readyz")

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(
    rf"(?P<name>{_LABEL}(?:\.{_LABEL})*\.?|\[(?P<ipv6>[0-9a-f:.]{{2,45}})\])(?::(?P<port>\d{{1,5}}))?",
    re.IGNORECASE | re.ASCII,
)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
MAX_HOST_LENGTH = 253

PAGE = b"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Unknown address</title></head>
<body>
<h1>Unknown address</h1>
<p>This service does not answer at the address you used. Check the address, or open the link from \
your email again.</p>
</body>
</html>
"""
REFUSED = (
    "400 BAD REQUEST",
    [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(PAGE))),
        ("Content-Security-Policy", "default-src 'none'"),
        ("Cache-Control", "no-store"),
    ],
)


class Hosts:
    """WSGI middleware that answers 400 if the Host header is invalid, unknown, missing or repeated.

    Known hosts are that of ``PUBLIC_URL`` and ``ALLOWED_HOSTS``, with any port. Outside production
    all names of this machine are known too: localhost, 127.0.0.1, [::1].
    """

    def __init__(self, inside: WSGIApplication, settings: Settings) -> None:
        self._inside = inside
        self._public = _public_host(settings.public_url)
        self._known = {plain_host(self._public), *settings.allowed_hosts}
        self._laptop = not settings.production

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        given = environ.get("HTTP_HOST")
        if environ.get("PATH_INFO") in ANY_HOST and (not given or plain_host(given)):
            environ["HTTP_HOST"] = self._public
        elif not self._is_known(given or "") or not self._matches_target(environ, given or ""):
            # The path is not logged, because it may contain a link's token.
            log.info("host refused", extra={"host": ascii(given)[:100]})
            start_response(*REFUSED)
            return (PAGE,)
        return self._inside(environ, start_response)

    def _is_known(self, given: str) -> bool:
        name = plain_host(given)
        return bool(name) and (name in self._known or (self._laptop and is_loopback(name)))

    def _matches_target(self, environ: WSGIEnvironment, given: str) -> bool:
        """False if the request's target (``GET http://host/path``) names another host.

        RFC 9112, section 3.2.2; gunicorn and waitress do not check this.
        """
        for target in (environ.get("RAW_URI") or "", environ.get("REQUEST_URI") or ""):
            if _ABSOLUTE.match(target):
                named = re.split(r"[/?#]", target.split("://", 1)[1], maxsplit=1)[0]
                if plain_host(named) != plain_host(given):
                    return False
        return True


def _public_host(url: str) -> str:
    """The host of a URL as browsers send it: international names in their ASCII form."""
    name = urlsplit(url).hostname or ""
    return f"[{name}]" if ":" in name else name.encode("idna").decode("ascii")


def plain_host(given: str) -> str:
    """Normalise a Host header: lower case, no port, no dot at the end; empty if it is invalid."""
    found = _HOST.fullmatch(given)
    if not found or len(found["name"]) > MAX_HOST_LENGTH:
        return ""
    if found["port"] and not 0 < int(found["port"]) < 65536:
        return ""
    if found["ipv6"] is None:
        return found["name"].lower().rstrip(".")
    try:
        return str(IPv6Address(found["ipv6"]))
    except ValueError:
        return ""
