"""The callbacks by which the room of connections hears of and reports trouble."""

import uuid
from collections.abc import Callable

_trouble_reporters: list[Callable[[uuid.UUID, Exception], None]] = []
_trouble_checks: list[Callable[[uuid.UUID], bool]] = []


def on_connection_trouble(
    report: Callable[[uuid.UUID, Exception], None], is_known: Callable[[uuid.UUID], bool]
) -> None:
    """Register two callbacks about connections that do not work.

    ``report`` is called when work is parked because of its connection; ``is_known`` says whether
    a connection is already known not to work.
    """
    _trouble_reporters.append(report)
    _trouble_checks.append(is_known)


def trouble_is_known(connection_id: uuid.UUID) -> bool:
    """True if the connection is known not to work; then parking its work counts as no failure."""
    return any(is_known(connection_id) for is_known in _trouble_checks)


def report_connection_trouble(connection_id: uuid.UUID, error: Exception) -> None:
    """Pass on that work met ``error`` and waits for its connection to be repaired."""
    for report in _trouble_reporters:
        report(connection_id, error)
