"""The database of one test after the other: emptied, or as it was when it was kept."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import Engine, event

from tests.services.postgres import PostgresServer

Rows = dict[str, bytes]
"""What is in a database: each table's rows as COPY writes them."""
MIGRATIONS = "alembic_version"
HANG_UP_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Database(Protocol):
    def __call__(self) -> str:
        """Make it fresh: the product's tables, and nothing in them. Returns its URL."""

    def keep(self, name: str) -> None:
        """Remember under ``name`` what it holds."""

    def restore(self, name: str) -> None:
        """Hold again what was kept. Nobody may be connected."""


class SqliteDatabase:
    """A file, copied from one that is migrated once."""

    def __init__(self, folder: Path, migrate: Callable[[str], None]) -> None:
        self._folder, self._file = folder, folder / "test.sqlite3"
        migrate(f"sqlite:///{self._kept('template')}")

    def __call__(self) -> str:
        self.restore("template")
        return f"sqlite:///{self._file}"

    def keep(self, name: str) -> None:
        self._kept(name).unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(self._file)) as source,
            closing(sqlite3.connect(self._kept(name))) as target,
        ):
            source.backup(target)

    def restore(self, name: str) -> None:
        for leftover in self._folder.glob(f"{self._file.name}*"):
            leftover.unlink()
        shutil.copyfile(self._kept(name), self._file)

    def _kept(self, name: str) -> Path:
        return self._folder / f"kept.{name}.sqlite3"


class PostgresDatabase:
    """A database of the session's server, which is emptied and filled again where its tables are
    still the same: a hundredth of the time that a copy takes."""

    def __init__(self, server: PostgresServer, name: str, migrate: Callable[[str], None]) -> None:
        self._server, self._name, self._migrate = server, name, migrate
        self._session: psycopg.Connection[Any] | None = None
        self._tables: set[str] = set()
        self._kept: dict[str, Rows] = {}

    def __call__(self) -> str:
        self._fill({})
        return self._server.url(self._name)

    def keep(self, name: str) -> None:
        rows = {table: self._rows(table) for table in self._tables - {MIGRATIONS}}
        self._kept[name] = {table: content for table, content in rows.items() if content}

    def restore(self, name: str) -> None:
        self._fill(self._kept[name])

    def close(self) -> None:
        if self._session:
            self._session.close()
        self._session = None

    def _fill(self, rows: Rows) -> None:
        if not self._tables or self._tables_there() != self._tables:
            self._server.database_url(self._name, self._migrate)
            self._tables = self._tables_there()
        tables = map(sql.Identifier, self._tables - {MIGRATIONS})
        session = self._connected()
        with session.transaction():
            session.execute(HANG_UP_OTHERS)
            session.execute("SET LOCAL session_replication_role = replica")  # in any order
            session.execute(sql.SQL("; ").join(map(sql.SQL("DELETE FROM {}").format, tables)))
            for table, content in rows.items():
                fill = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
                with session.cursor().copy(fill) as copy:
                    copy.write(content)

    def _rows(self, table: str) -> bytes:
        read = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
        with self._connected().cursor().copy(read) as copy:
            return b"".join(map(bytes, copy))

    def _tables_there(self) -> set[str]:
        """Empty where there is no such database."""
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        for _attempt in range(2):  # the first finds out that we were hung up on
            try:
                return {table for (table,) in self._connected().execute(query)}
            except psycopg.OperationalError:
                self.close()
        return set()

    def _connected(self) -> psycopg.Connection[Any]:
        """A connection that stays: a new one has to get to know all tables first."""
        if self._session is None:
            self._session = self._server.connect(self._name)
        return self._session


@event.listens_for(Engine, "connect")
def _trust_the_disk(connection, _record) -> None:
    """No test cuts the power: commits of this process do not wait for the disk."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")
