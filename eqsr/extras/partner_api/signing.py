"""Sign and verify other platforms' requests: HMAC-SHA256 over time, method, path and body."""

import hmac
from datetime import datetime

WINDOW_SECONDS = 300

TIMESTAMP_HEADER = "X-Timestamp"
SIGNATURE_HEADER = "X-Signature"


class BadSignature(Exception):
    """The signature is invalid; str() says why, for logs."""


def sign(secret: str, timestamp: str, method: str, path: str, body: bytes) -> str:
    """The signature, in hexadecimal. ``path`` is the address from the first slash after the host
    on, with its query; ``timestamp`` is in whole seconds since 1970."""
    head = f"{timestamp}\n{method.upper()}\n{path}\n".encode()
    return hmac.digest(secret.encode(), head + body, "sha256").hex()


def check(
    secret: str,
    timestamp: str,
    signature: str,
    method: str,
    path: str,
    body: bytes,
    moment: datetime,
) -> None:
    """Raises BadSignature unless it fits and is at most WINDOW_SECONDS old, or ahead."""
    expected = sign(secret, timestamp, method, path, body)
    given = signature.removeprefix("sha256=").encode("utf-8", "replace")
    if not hmac.compare_digest(expected.encode(), given):
        raise BadSignature("mismatch")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        raise BadSignature("no timestamp")
    if abs(moment.timestamp() - int(timestamp)) > WINDOW_SECONDS:
        raise BadSignature("too old")
