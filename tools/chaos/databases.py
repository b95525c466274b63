"""The databases, and how to make each unavailable for a while."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg

from tests.services.postgres import PostgresServer, postgres_server

KINDS = ("sqlite", "postgresql")


class Database(Protocol):
    url: str
    outage: str

    def away(self, seconds: float) -> None:
        """Block all writes for this many seconds."""
        ...


class SqliteFile:
    """SQLite: another program holds the write lock, like a backup or a curious administrator."""

    outage = "locked from outside"

    def __init__(self, path: Path) -> None:
        self._path = path
        self.url = f"sqlite:///{path}"

    def away(self, seconds: float) -> None:
        other = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        try:
            other.execute("BEGIN EXCLUSIVE")
            time.sleep(seconds)
            other.execute("ROLLBACK")
        finally:
            other.close()


class Postgres:
    """PostgreSQL: the server crashes and comes back."""

    outage = "server crashed"

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self.url = server.create_database("chaos")
        # The test server trades durability for speed; here a commit must be durable.
        address = self.url.replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("ALTER DATABASE chaos SET synchronous_commit = on")

    def away(self, seconds: float) -> None:
        self._server.stop()
        time.sleep(seconds)
        self._server.start()


@contextmanager
def database(folder: Path, kind: str) -> Iterator[Database]:
    if kind == "sqlite":
        yield SqliteFile(folder / "chaos.sqlite3")
        return
    with postgres_server(folder) as server:
        yield Postgres(server)
