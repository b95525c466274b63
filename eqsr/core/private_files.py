"""Keep the SQLite database from other accounts of this machine."""

import logging
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import make_url

from eqsr.core.settings import Settings

log = logging.getLogger(__name__)

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
# SQLite gives these the rights of the database when it makes them.
BESIDE = ("", "-wal", "-shm")


def make_private(settings: Settings) -> None:
    """Let only this account read a SQLite database that is there, and ``DATA_DIR`` around it."""
    if not settings.uses_sqlite:
        return
    name = make_url(settings.database_url).database
    if not name or name == ":memory:" or name.startswith("file:"):
        return
    database = Path(name).resolve()
    try:
        for ending in BESIDE:
            _restrict(Path(f"{database}{ending}"), PRIVATE_FILE)
        if database.parent == settings.data_dir:
            _restrict(settings.data_dir, PRIVATE_FOLDER)
    except OSError as error:  # they are another account's
        log.warning("the database's files can't be made private: %s", error.strerror)


def create_privately(database: str) -> None:
    """Make an empty file for SQLite if there is none; SQLite would let everybody read its own.

    A file that is there is never opened: closing it would end all locks that this process has on
    it (POSIX), and another process would take SQLite's journal for a leftover. So the new one is
    closed before it gets its name.
    """
    if not database or database == ":memory:" or database.startswith("file:"):
        return
    path = Path(database)
    if path.exists():
        return
    with suppress(OSError):  # SQLite says better what is wrong
        descriptor, nameless = tempfile.mkstemp(prefix=".new-", dir=path.parent)  # mode 0600
        os.close(descriptor)
        try:
            os.link(nameless, path)  # refuses where another process was faster
        finally:
            os.unlink(nameless)


def _restrict(path: Path, mode: int) -> None:
    """Take rights away that ``mode`` does not have."""
    try:
        found = path.stat().st_mode & 0o777
    except FileNotFoundError:
        return
    if found & ~mode:
        path.chmod(found & mode)
