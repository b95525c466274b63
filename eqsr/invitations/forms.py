"""Reading what users fill in about an invitation."""

from datetime import date


def as_day(text: str | None) -> date | None:
    """Return the day in a date field's text (``2026-11-24``), or None for anything else."""
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None
