"""Verify that a webhook delivery comes from SmartRecruiters.

Source: SmartRecruiters docs, webhooks, secret key and signature: ``smartrecruiters-signature``
contains ``v1=<hex>`` segments joined by ``;``, one per live secret key. ``v1`` is the lowercase hex
HMAC-SHA256, with the secret's UTF-8 bytes as key, of timestamp, raw body, event-id, event-name,
event-version and link joined by ``.``. A missing header counts as empty.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

Reason = Literal[
    "no_secret", "missing_signature", "missing_timestamp", "bad_timestamp", "stale", "mismatch"
]

SIGNATURE_HEADER = "smartrecruiters-signature"
TIMESTAMP_HEADER = "smartrecruiters-timestamp"

_SIGNED_AFTER_BODY = ("event-id", "event-name", "event-version", "link")
# A "number" in the published OpenAPI, so it may have a fraction.
_TIMESTAMP = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?")
_MOST_SEGMENTS = 64

# How far a signed timestamp may be from our clock. It only bounds how long a recorded delivery can
# be played back: an event id is stored once, and what an event says is read again anyway. So a late
# redelivery and a clock that is wrong, ours or theirs, lose nothing. Shorter than the inbox keeps
# event ids (webhooks.retention).
TOLERANCE = timedelta(days=30)


class SignatureProblem(Exception):
    """A delivery must be refused; ``reason`` says why and quotes nothing of the delivery."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def verify(
    secrets: Iterable[str],
    headers: Mapping[str, str],
    raw_body: bytes,
    now: datetime,
    tolerance: timedelta = TOLERANCE,
) -> bool:
    """Verify a delivery; True if any live secret made any ``v1`` segment.

    ``headers``: names in any case. ``tolerance``: by how much the timestamp may differ from
    ``now``; SmartRecruiters documents none. Segments of other schemes are ignored. Raises
    SignatureProblem.
    """
    keys = [secret.encode("utf-8", "surrogatepass") for secret in secrets if secret]
    if not keys:
        raise SignatureProblem("no_secret")
    sent = {name.lower(): _as_bytes(value) for name, value in headers.items()}
    signature, timestamp = sent.get(SIGNATURE_HEADER), sent.get(TIMESTAMP_HEADER)
    if not signature:
        raise SignatureProblem("missing_signature")
    if not timestamp:
        raise SignatureProblem("missing_timestamp")
    _check_age(timestamp, now, tolerance)
    signed = [sent.get(name, b"") for name in _SIGNED_AFTER_BODY]
    message = b".".join([timestamp, raw_body, *signed])
    candidates = _v1_segments(signature)
    matches = 0
    for key in keys:
        expected = hmac.new(key, message, hashlib.sha256).hexdigest().encode()
        # Compare all pairs, so that the time does not reveal which one matched.
        matches += sum(hmac.compare_digest(expected, candidate) for candidate in candidates)
    if not matches:
        raise SignatureProblem("mismatch")
    return True


def signed_at(headers: Mapping[str, str]) -> datetime:
    """When a delivery whose signature was verified was signed, by SmartRecruiters' clock."""
    sent = {name.lower(): value for name, value in headers.items()}
    return datetime.fromtimestamp(float(sent[TIMESTAMP_HEADER]), UTC)


def _check_age(timestamp: bytes, now: datetime, tolerance: timedelta) -> None:
    text = timestamp.decode("latin-1")
    if not _TIMESTAMP.fullmatch(text):
        raise SignatureProblem("bad_timestamp")
    if abs(now.timestamp() - float(text)) > tolerance.total_seconds():
        raise SignatureProblem("stale")


def _v1_segments(signature: bytes) -> list[bytes]:
    segments = [segment.strip() for segment in signature.split(b";", _MOST_SEGMENTS)]
    return [segment[3:] for segment in segments[:_MOST_SEGMENTS] if segment.startswith(b"v1=")]


def _as_bytes(value: str) -> bytes:
    """Encode a header as bytes: WSGI decodes headers as Latin-1, other callers may use Unicode."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")
