"""A database for one test after the other: emptied, or restored to a kept state."""

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
"""Contents of a database: each table's rows as COPY writes them."""
MIGRATIONS = "alembic_version"
HANG_UP_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Database(Protocol):
    def __call__(self) -> str:
        """Make it fresh, with the product's empty tables, and return its URL."""

    def keep(self, name: str) -> None:
        """Keep the present contents under ``name``."""

    def restore(self, name: str) -> None:
        """Restore the contents kept under ``name``; there must be no open connection."""


class SqliteDatabase:
    """A file, copied from a template that is migrated once."""

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
    """A database of the session's server, emptied and refilled while its tables are unchanged.

    That takes a hundredth of the time of a copy.
    """

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
        """Return the names of the tables; none if the database does not exist."""
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        for _attempt in range(2):  # the first attempt notices a closed connection
            try:
                return {table for (table,) in self._connected().execute(query)}
            except psycopg.OperationalError:
                self.close()
        return set()

    def _connected(self) -> psycopg.Connection[Any]:
        """Return a lasting connection: a new one would have to load all table definitions first."""
        if self._session is None:
            self._session = self._server.connect(self._name)
        return self._session


@event.listens_for(Engine, "connect")
def _trust_the_disk(connection, _record) -> None:
    """Commit without waiting for the disk: no test cuts the power."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")
