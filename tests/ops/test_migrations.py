"""Migrations under traffic: a lock that somebody holds is waited for in short, bounded tries."""

import os
import threading

import pytest
from alembic.runtime.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from eqsr.core.db import db
from eqsr.ops import migrations

pytestmark = pytest.mark.skipif(
    os.environ.get("TEST_DATABASE") != "postgresql", reason="SQLite has one lock for everything"
)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(migrations, "LOCK_SECONDS", 0.3)
    monkeypatch.setattr(migrations, "PAUSE", 0.1)
    monkeypatch.setattr(migrations, "MAX_TRIES", 3)


@pytest.fixture
def behind(app):
    """The application's tables as they were before 0003."""
    with app.app_context():
        downgrade(revision="0002")
        yield


def revision() -> str:
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def columns(table: str) -> set[str]:
    return {one["name"] for one in inspect(db.engine).get_columns(table)}


def test_a_held_lock_ends_in_a_sentence_and_an_exit_code_and_changes_nothing(behind, capfd):
    with db.engine.connect() as other:
        # The second table of 0003: the first one has been altered by then.
        other.execute(text("SELECT 1 FROM organisation"))
        with pytest.raises(SystemExit) as end:
            upgrade()
        assert end.value.code == migrations.EX_TEMPFAIL
    assert "run the command again" in capfd.readouterr().err
    assert revision() == "0002"
    assert "erased_at" not in columns("application")
    upgrade()
    assert "erased_at" in columns("application")


def test_a_lock_that_is_held_for_a_while_is_waited_for(behind, monkeypatch):
    monkeypatch.setattr(migrations, "MAX_TRIES", 100)
    ended = threading.Event()
    with db.engine.connect() as other:
        other.execute(text("SELECT 1 FROM organisation"))
        release = threading.Timer(1.5, lambda: (other.rollback(), ended.set()))
        release.start()
        upgrade()
        assert ended.is_set()
        release.join()
    assert "keep_months" in columns("organisation")


def test_what_was_migrated_before_the_lock_stays(app):
    with app.app_context():
        downgrade(revision="0001")
        with db.engine.connect() as other:
            other.execute(text("SELECT 1 FROM organisation"))
            with pytest.raises(SystemExit):
                upgrade()
        assert revision() == "0002"
        upgrade()
        assert "keep_months" in columns("organisation")


def test_others_read_on_while_a_migration_waits(behind, app, monkeypatch):
    """A waiting ALTER lets nobody to its table, so it must not wait for long."""
    monkeypatch.setattr(migrations, "MAX_TRIES", 10)
    codes = []

    def migrate() -> None:
        with app.app_context():
            try:
                upgrade()
            except SystemExit as end:
                codes.append(end.code)

    with db.engine.connect() as other, db.engine.connect() as reader:
        other.execute(text("SELECT 1 FROM organisation"))
        thread = threading.Thread(target=migrate)
        thread.start()
        reader.execute(text("SET statement_timeout = '2s'"))
        for _ in range(20):
            reader.execute(text("SELECT 1 FROM organisation")).all()
            reader.commit()
        thread.join()
    assert codes == [migrations.EX_TEMPFAIL]


def test_reads_that_join_both_ways_lose_nothing_to_a_deadlock(behind, app, monkeypatch):
    """0003 alters application, then organisation; this session has them the other way round."""
    monkeypatch.setattr(migrations, "MAX_TRIES", 50)
    done = []

    def migrate() -> None:
        with app.app_context():
            upgrade()
            done.append(True)

    with db.engine.connect() as other:
        other.execute(text("LOCK TABLE organisation IN ACCESS SHARE MODE"))
        thread = threading.Thread(target=migrate)
        thread.start()
        other.execute(text("SELECT pg_sleep(0.2)"))
        # Waits until the migration gives way, however long its transaction holds the table.
        other.execute(text("LOCK TABLE application IN ACCESS SHARE MODE"))
        other.commit()
    thread.join(30)
    assert done == [True]
    assert "keep_months" in columns("organisation")
