"""The rate limit headers of an answer: for how long they block its endpoint."""

import re
from collections.abc import Mapping
from math import floor

LONGEST_BLOCK = 3600.0


def blocked_until(headers: Mapping[str, str], now: float) -> float | None:
    """Return until when (seconds since the epoch) headers block the endpoint; None if they don't.

    ``headers`` must be case-insensitive; invalid values are ignored. ``now``: seconds since the
    epoch.
    """
    wait = retry_after(headers)
    if wait is not None:
        return now + wait
    if _whole(headers.get("X-RateLimit-Remaining")) == 0:
        return floor(now) + 1.0
    return None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Read Retry-After: seconds, at most an hour; None if it is absent or invalid.

    SmartRecruiters does not document the header, but proxies in front of it may send it.
    """
    seconds = _whole(headers.get("Retry-After"))
    return min(float(seconds), LONGEST_BLOCK) if seconds else None


def _whole(value: str | None) -> int | None:
    if value is None or not re.fullmatch(r"[0-9]{1,9}", value.strip()):
        return None
    return int(value)
