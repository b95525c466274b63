"""A log line is one line, and nobody from outside writes one."""

import logging
import sys

import pytest

from eqsr.core.logs import LineFormatter, init_logs

FORGED = "2026-11-24T05:43:36.127+00:00 ERROR   eqsr: forged"


def lines(message: str, error: Exception | None = None, **facts) -> list[str]:
    record = logging.makeLogRecord({"msg": message, "levelname": "INFO", "name": "eqsr"} | facts)
    if error is not None:
        try:
            raise error
        except type(error):
            record.exc_info = sys.exc_info()
    return LineFormatter().format(record).splitlines()


def test_a_line_break_in_what_is_said_or_in_a_fact_begins_no_line():
    (line,) = lines(f"said\n{FORGED}", subject=f"x\r\n{FORGED}")
    assert line.endswith(f'eqsr: said\\n{FORGED} subject="x\\r\\n{FORGED}"')


def test_a_line_break_in_what_an_error_says_begins_no_line_either():
    written = lines("unexpected error", ValueError(f"bad\n{FORGED}"))
    assert [line for line in written if line.startswith("2026-11-24T05:43:36")] == []
    assert f"    {FORGED}" in written


@pytest.fixture
def levels():
    """Puts back the levels that a test sets."""
    loggers = [logging.getLogger(), logging.getLogger("eqsr")]
    before = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


@pytest.mark.usefixtures("levels")
@pytest.mark.parametrize(
    ("level", "of_ours", "of_libraries"),
    [("DEBUG", "DEBUG", "INFO"), ("INFO", "INFO", "INFO"), ("WARNING", "WARNING", "WARNING")],
)
def test_what_is_logged_begins_at_the_level_that_was_chosen(level, of_ours, of_libraries):
    init_logs(level)
    for name, expected in (("eqsr.outbox.runner", of_ours), ("a_library", of_libraries)):
        least = logging.getLogger(name).getEffectiveLevel()
        assert logging.getLevelName(least) == expected
