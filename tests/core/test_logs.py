"""A log line is one line, and nobody from outside writes one."""

import logging
import sys

from eqsr.core.logs import Line

FORGED = "2026-11-24T05:43:36.127+00:00 ERROR   eqsr: forged"


def lines(message: str, error: Exception | None = None, **facts) -> list[str]:
    record = logging.makeLogRecord({"msg": message, "levelname": "INFO", "name": "eqsr"} | facts)
    if error is not None:
        try:
            raise error
        except type(error):
            record.exc_info = sys.exc_info()
    return Line().format(record).splitlines()


def test_a_line_break_in_what_is_said_or_in_a_fact_begins_no_line():
    (line,) = lines(f"said\n{FORGED}", subject=f"x\r\n{FORGED}")
    assert line.endswith(f'eqsr: said\\n{FORGED} subject="x\\r\\n{FORGED}"')


def test_a_line_break_in_what_an_error_says_begins_no_line_either():
    written = lines("unexpected error", ValueError(f"bad\n{FORGED}"))
    assert [line for line in written if line.startswith("2026-11-24T05:43:36")] == []
    assert f"    {FORGED}" in written
