"""Changing the tables while others use them: short waits for a lock, and further tries."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, exc, text

# Whoever waits for a table's lock lets nobody else to that table meanwhile: so long at most.
LOCK_SECONDS = 2.0
MAX_TRIES = 20
# Seconds between two tries.
PAUSE = 3.0
# sysexits.h: try again later.
EX_TEMPFAIL = 75
# PostgreSQL: lock_not_available, deadlock_detected.
_BUSY = ("55P03", "40P01")
# Only has to differ from what others of this database lock in this way.
_ONE_AT_A_TIME = 4_071_992

BUSY = (
    "The tables could not be changed: other sessions held a lock on them during {tries} tries. "
    "Nothing is half done, and what was changed so far stays. End the sessions that hold the lock "
    "(pg_stat_activity shows them) or wait for a quiet moment, then run the command again."
)


def patiently(engine: Engine, migrate: Callable[[Connection], None]) -> None:
    """Call ``migrate`` with a connection that waits for no lock for long, until it succeeds.

    Each migration has a transaction of its own, so each try goes on where the one before ended.
    Raises SystemExit(75) after MAX_TRIES, having printed a sentence to stderr.
    """
    for number in range(1, MAX_TRIES + 1):
        try:
            with _connection(engine) as connection:
                migrate(connection)
            return
        except exc.OperationalError as error:
            if not _is_busy(error):
                raise
        print(f"A table is in use: try {number} of {MAX_TRIES}.", file=sys.stderr)
        if number < MAX_TRIES:
            time.sleep(PAUSE)
    print(BUSY.format(tries=MAX_TRIES), file=sys.stderr)
    raise SystemExit(EX_TEMPFAIL)


def _is_busy(error: exc.OperationalError) -> bool:
    """Locked by somebody else, on PostgreSQL or on SQLite."""
    return getattr(error.orig, "sqlstate", "") in _BUSY or "locked" in str(error.orig)


@contextmanager
def _connection(engine: Engine) -> Iterator[Connection]:
    if engine.dialect.name != "postgresql":
        with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
            yield connection
            connection.commit()
        return
    with engine.connect() as connection:
        try:
            connection.execute(text(f"SET lock_timeout = {round(LOCK_SECONDS * 1000)}"))
            # Two who upgrade at the same moment do it one after the other.
            connection.execute(text(f"SELECT pg_advisory_lock({_ONE_AT_A_TIME})"))
            connection.commit()
            yield connection
            connection.commit()
        finally:
            # The lock and the timeout end with the session, which nobody else gets.
            connection.invalidate()
