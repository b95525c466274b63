"""What people fill in about an invitation."""

from datetime import date


def as_day(text: str | None) -> date | None:
    """The day out of a date field (``2026-11-24``); None for anything else."""
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None
