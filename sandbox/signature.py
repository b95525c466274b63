"""The signature of a delivery (SmartRecruiters docs: webhooks, secret key and signature)."""

import hashlib
import hmac


def sign(
    secret: str,
    timestamp: str,
    body: bytes,
    event_id: str,
    event_name: str,
    event_version: str,
    link: str,
) -> str:
    """Return the lowercase hex HMAC-SHA256 of the six values joined with dots.

    The key is the secret as raw UTF-8 bytes. A header that is not sent counts as an empty string.
    """
    tail = ".".join(("", event_id, event_name, event_version, link)).encode()
    message = timestamp.encode() + b"." + body + tail
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def signature_header(hex_digests: list[str]) -> str:
    """Join one digest per live key to the header's value."""
    return ";".join(f"v1={digest}" for digest in hex_digests)
