"""Run migrations while the tables are in use: short waits for locks, and several tries."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, exc, text

# Longest wait for a table's lock: while we wait for it, no other session can use the table.
LOCK_SECONDS = 2.0
MAX_TRIES = 20
# Seconds between two tries.
PAUSE = 3.0
# sysexits.h: try again later.
EX_TEMPFAIL = 75
# PostgreSQL: lock_not_available, deadlock_detected.
_BUSY = ("55P03", "40P01")
# The key of the advisory lock; any number that nothing else in this database uses.
_UPGRADE_LOCK = 4_071_992

BUSY = (
    "The tables could not be changed: other sessions held a lock on them during {tries} tries. "
    "Nothing is half done, and what was changed so far stays. End the sessions that hold the lock "
    "(pg_stat_activity shows them) or wait for a quiet moment, then run the command again."
)


def with_lock_retries(engine: Engine, migrate: Callable[[Connection], None]) -> None:
    """Call ``migrate`` until it succeeds, with a connection that waits for locks only briefly.

    Each migration has its own transaction, so each try continues where the last one ended. After
    MAX_TRIES tries, prints a sentence to stderr and raises SystemExit(75).
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
    """True if another session holds a lock, on PostgreSQL or on SQLite."""
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
            # Upgrades that start at the same time run one after the other.
            connection.execute(text(f"SELECT pg_advisory_lock({_UPGRADE_LOCK})"))
            connection.commit()
            yield connection
            connection.commit()
        finally:
            # Closes the session, and with it ends the lock and the timeout.
            connection.invalidate()
