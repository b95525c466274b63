"""Nobody else on the machine reads the SQLite database."""

import os
import stat
import subprocess
import sys

import pytest
from sqlalchemy import text

from eqsr import create_app
from eqsr.core.db import db
from eqsr.core.private_files import make_private
from eqsr.core.settings import from_environment


@pytest.fixture(autouse=True)
def usual_mask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


def connected(app) -> None:
    with app.app_context():
        db.session.execute(text("CREATE TABLE one (two)"))
        db.session.commit()


@pytest.mark.one_database
def test_a_new_installation_is_private(tmp_path, app):
    new = create_app(from_environment({"DATA_DIR": str(tmp_path / "data")}))
    database = tmp_path / "data" / "eqsr.sqlite3"
    assert not database.exists(), "a command that needs no database makes none"
    connected(new)
    beside = sorted(tmp_path.glob("data/eqsr.sqlite3*"))
    assert len(beside) == 3
    assert {mode(path) for path in beside} == {0o600}
    assert mode(tmp_path / "data") == 0o700
    with new.app_context():
        db.session.remove()
        db.engine.dispose()


ANOTHER_PROCESS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(connection.execute("SELECT count(*) FROM one").fetchone()[0])
connection.close()
"""


@pytest.mark.one_database
def test_another_connection_leaves_the_locks_of_the_first_one(tmp_path, app):
    """Closing any descriptor of a file ends all locks of its process on it (POSIX).

    Then another process would take itself for the last one, and remove the journal at its end.
    """
    new = create_app(from_environment({"DATA_DIR": str(tmp_path / "data")}))
    connected(new)

    def counted() -> str:
        database = str(tmp_path / "data" / "eqsr.sqlite3")
        command = [sys.executable, "-c", ANOTHER_PROCESS, database]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    with new.app_context():
        with db.engine.connect() as first, db.engine.connect() as second:
            for connection in (first, second):
                connection.execute(text("SELECT 1"))
                connection.rollback()
            assert counted() == "0"
            first.execute(text("INSERT INTO one VALUES (1)"))
            first.commit()
            assert counted() == "1", "what was committed is lost"
        db.session.remove()
        db.engine.dispose()


def test_an_older_one_becomes_private(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    for ending in ("", "-wal", "-shm"):
        (folder / f"eqsr.sqlite3{ending}").touch(mode=0o644)
    make_private(from_environment({"DATA_DIR": str(folder)}))
    assert {mode(path) for path in folder.glob("eqsr.sqlite3*")} == {0o600}
    assert mode(folder) == 0o700


def test_a_folder_that_is_not_ours_stays_as_it_is(tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    (shared / "x.db").touch(mode=0o644)
    environment = {"DATA_DIR": str(tmp_path / "data")}
    make_private(from_environment(environment | {"DATABASE_URL": f"sqlite:///{shared}/x.db"}))
    assert (mode(shared), mode(shared / "x.db")) == (0o755, 0o600)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:////nowhere/at/all.db", "postgresql://db/x"])
def test_where_there_is_no_file_nothing_happens(tmp_path, url):
    make_private(from_environment({"DATA_DIR": str(tmp_path), "DATABASE_URL": url}))


@pytest.mark.one_database
def test_the_application_sees_to_it(tmp_path, app):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    (folder / "eqsr.sqlite3").touch(mode=0o644)
    create_app(from_environment({"DATA_DIR": str(folder)}))
    assert (mode(folder), mode(folder / "eqsr.sqlite3")) == (0o700, 0o600)
