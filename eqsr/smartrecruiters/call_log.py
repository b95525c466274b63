"""One line in the log for each call."""

import logging

logger = logging.getLogger("eqsr.smartrecruiters")


def log_call(endpoint: str, status: int | None, outcome: str, seconds: float, attempt: int) -> None:
    """Log a call. ``endpoint``: with its path template. ``outcome``: ``ok`` or an error's code."""
    logger.log(
        _level(status, outcome),
        "%s: %s",
        endpoint,
        status or outcome,
        extra={"outcome": outcome, "ms": round(seconds * 1000), "attempt": attempt},
    )


def _level(status: int | None, outcome: str) -> int:
    """WARNING for anything but a 2xx or 3xx answer; never ERROR, as some calls expect a refusal."""
    refused = status is None or status >= 400
    return logging.WARNING if refused or outcome != "ok" else logging.INFO
