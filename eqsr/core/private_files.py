"""Keep the SQLite database from other accounts of this machine."""

import logging
import os
from pathlib import Path

from sqlalchemy.engine import make_url

from eqsr.core.settings import Settings

log = logging.getLogger(__name__)

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
# SQLite gives these the rights of the database when it makes them.
BESIDE = ("", "-wal", "-shm")


def make_private(settings: Settings) -> None:
    """Let only this account read a SQLite database, and ``DATA_DIR`` if it lies there.

    The database is made here, empty, if there is none: SQLite would let everybody read it.
    """
    if not settings.uses_sqlite:
        return
    name = make_url(settings.database_url).database
    if not name or name == ":memory:" or name.startswith("file:"):
        return
    database = Path(name).resolve()
    try:
        os.close(os.open(database, os.O_RDWR | os.O_CREAT, PRIVATE_FILE))
        for ending in BESIDE:
            _restrict(Path(f"{database}{ending}"), PRIVATE_FILE)
        if database.parent == settings.data_dir:
            _restrict(settings.data_dir, PRIVATE_FOLDER)
    except OSError as error:  # such as a folder that is not there: what needs it says so
        log.warning("the database's files can't be made private: %s", error.strerror)


def _restrict(path: Path, mode: int) -> None:
    """Take rights away that ``mode`` does not have."""
    try:
        found = path.stat().st_mode & 0o777
    except FileNotFoundError:
        return
    if found & ~mode:
        path.chmod(found & mode)
