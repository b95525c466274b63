"""The database: a file in memory per run, brought back for each, with faults at its statements."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from simulation.log import Log
from simulation.scheduler import Scheduler
from simulation.tasks import Killed

WRITES = ("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE")


class DatabaseFaults:
    """What goes wrong at statements and commits, as long as the plan says.

    ``state``: ``""``, ``away`` (no statement works) or ``read-only``. ``fail_commits``: the share
    of commits that fail. ``lose_commits``: the share that succeed though the client hears of an
    error. ``locked``: the share of writing transactions that wait in vain for the lock.
    """

    def __init__(self, scheduler: Scheduler, log: Log, chance: Any) -> None:
        self.scheduler, self.log, self.chance = scheduler, log, chance
        self.state = ""
        self.fail_commits = 0.0
        self.lose_commits = 0.0
        self.locked = 0.0
        self.struck: Counter[str] = Counter()
        self.commits = 0
        self.statements = 0

    def before(self, statement: str) -> None:
        """Called before each statement. Raises sqlite3's errors."""
        self.statements += 1
        self._no_dead_hand()
        self.scheduler.seam()
        if self.state == "away":
            self._strike("database away", "unable to open database file")
        if self.state == "read-only" and statement.lstrip().startswith(WRITES):
            self._strike("database read-only", "attempt to write a readonly database")
        if self.locked and statement == "BEGIN IMMEDIATE" and self.chance.random() < self.locked:
            self._strike("database locked", "database is locked")

    def commit(self, commit: Any, connection: Any) -> None:
        """Commit, or fail before or after it."""
        self._no_dead_hand()
        self.commits += 1
        self.scheduler.seam()
        if self.fail_commits and self.chance.random() < self.fail_commits:
            connection.rollback()
            self._strike("commit failed", "disk I/O error")
        commit(connection)
        if self.lose_commits and self.chance.random() < self.lose_commits:
            self._strike("connection lost after commit", "disk I/O error")
        self.scheduler.seam()

    def _strike(self, kind: str, message: str) -> None:
        self.struck[kind] += 1
        self.log.add("database", kind)
        raise sqlite3.OperationalError(message)

    def _no_dead_hand(self) -> None:
        task = self.scheduler.current
        if task is not None and task.process is not None and task.process.dead:
            raise Killed


class Database:
    """The SQLite file and its kept copy. ``faults`` are those of the present run.

    ``on_change`` hears (noun, state before, state after) of each change that was committed.
    """

    def __init__(self, folder: Path) -> None:
        self.on_change: Callable[[str, str, str], None] = lambda noun, before, after: None
        self._changes: dict[int, list[tuple[str, str, str]]] = {}
        self.file = folder / "eqsr.sqlite3"
        self._kept = folder / "kept.sqlite3"
        self.faults: DatabaseFaults | None = None

    @property
    def url(self) -> str:
        """What DATABASE_URL says."""
        return f"sqlite:///{self.file}"

    def attach(self, engine: Engine, triggers: tuple[str, ...] = ()) -> None:
        """Meet each statement and commit of this engine. ``triggers`` call ``seen`` (rows.py)."""

        @event.listens_for(engine, "connect")
        def configure(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA busy_timeout=0")
            # SQLite's own random() does not know the seed.
            connection.create_function("random", 0, self._chance)
            changes = self._changes[id(connection)] = []
            connection.create_function("seen", 3, lambda *change: changes.append(change))
            for trigger in triggers:
                connection.execute(trigger)

        @event.listens_for(engine, "before_cursor_execute")
        def before(_c: Any, _cur: Any, statement: str, *_: Any) -> None:
            if self.faults is not None:
                self.faults.before(statement)

        commit_really, roll_back_really = engine.dialect.do_commit, engine.dialect.do_rollback

        def really(connection: Any) -> None:
            commit_really(connection)
            changes = self._changes[id(connection.dbapi_connection)]
            for change in changes:
                self.on_change(*change)
            changes.clear()

        def commit(connection: Any) -> None:
            if self.faults is None:
                really(connection)
            else:
                self.faults.commit(really, connection)

        def roll_back(connection: Any) -> None:
            self._changes[id(connection.dbapi_connection)].clear()
            roll_back_really(connection)

        engine.dialect.do_commit = commit  # type: ignore[method-assign]
        engine.dialect.do_rollback = roll_back  # type: ignore[method-assign]
        # As many connections as tasks: a task that waits for one would wait in real time.
        engine.pool._max_overflow = -1  # type: ignore[attr-defined]

    def _chance(self) -> int:
        return self.faults.chance.getrandbits(63) if self.faults else 0

    def keep(self) -> None:
        """Keep the present contents; nothing may be open."""
        with sqlite3.connect(self.file) as source, sqlite3.connect(self._kept) as target:
            source.backup(target)

    def restore(self) -> None:
        """Begin with the kept contents again; nothing may be open."""
        for leftover in self.file.parent.glob(f"{self.file.name}*"):
            leftover.unlink()
        shutil.copyfile(self._kept, self.file)
