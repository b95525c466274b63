"""The database session, write transactions, and the column types that all rooms use."""

import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    Result,
    Table,
    Uuid,
    event,
    exc,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeDecorator


class Base(DeclarativeBase):
    """Base class of all models; names constraints the same way on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

_DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}

_sqlite_writer = threading.RLock()

Word = TypeVar("Word", bound=StrEnum)


class UTCDateTime(TypeDecorator[datetime]):
    """A timezone-aware datetime, stored as UTC on every database.

    Raises ValueError when a naive datetime is stored.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC before storing."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Add the time zone, which SQLite does not store."""
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value)


def new_id() -> uuid.UUID:
    """Make a UUID version 7 (RFC 9562): hard to guess, and in order of time, as indexes like."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return uuid.UUID(int=value)


def id_column() -> Mapped[uuid.UUID]:
    """A primary key column filled with ``new_id()``."""
    return mapped_column(Uuid, primary_key=True, default=new_id)


def enum_column(words: type[Word], **options: Any) -> Mapped[Word]:
    """A column that holds one value of ``words``; a check constraint refuses any other."""
    kind = Enum(
        words,
        name=words.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )
    return mapped_column(kind, nullable=False, **options)


@contextmanager
def transaction() -> Iterator[Session]:
    """Open a write transaction, or join the one that is already open.

    Commits at the end and then runs the ``after_commit`` actions; rolls back on any error.
    SQLite takes its write lock at the start (BEGIN IMMEDIATE), so rows can't change between
    reading and writing. Threads of one process wait on a fair lock, because SQLite's own wait
    is unfair.
    """
    session = db.session()
    if session.info.get("in_transaction"):
        yield session
        return
    one_writer = session.get_bind().dialect.name == "sqlite"
    session.commit()
    if one_writer:
        _sqlite_writer.acquire()
    session.info["in_transaction"] = True
    afterwards: list[Callable[[], None]] = []
    session.info["after_commit"] = afterwards
    try:
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["in_transaction"] = False
        if one_writer:
            _sqlite_writer.release()
    for action in afterwards:
        action()


@contextmanager
def core_transaction() -> Iterator[Connection]:
    """Like ``transaction``, but without the session and its overhead, for a few fast statements.

    Raises RuntimeError inside ``transaction()``.
    """
    end_read()
    engine = db.engine
    one_writer = _sqlite_writer if engine.dialect.name == "sqlite" else nullcontext()
    with (
        one_writer,
        engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection,
        connection.begin(),
    ):
        yield connection


def insert_ignore(
    connection: Connection, table: Table, rows: list[dict[str, Any]]
) -> set[uuid.UUID]:
    """Insert rows that bring their ids, skipping those that violate a unique constraint.

    Returns the ids of the inserted rows.
    """
    return set(connection.scalars(_insert_ignore(table, connection.dialect.name), rows))


@cache
def _insert_ignore(table: Table, dialect: str) -> ReturningInsert[uuid.UUID]:
    # Cached so that SQLAlchemy reuses the compiled form and sends many rows in one statement.
    insert = _DIALECTS[dialect].insert(table)
    statement: ReturningInsert[uuid.UUID] = insert.on_conflict_do_nothing().returning(table.c.id)
    return statement


def insert_if_absent(model: type[Base], **values: object) -> bool:
    """Insert a row unless a unique constraint finds it there already; True if inserted.

    Safe when two workers do it at the same time: only one of them inserts.
    """
    session = db.session()
    session.flush()
    dialect = _DIALECTS[session.get_bind().dialect.name]
    statement = dialect.insert(model).values(id=new_id(), **values)
    # RETURNING, because psycopg reports no row count for this kind of insert.
    inserted = statement.on_conflict_do_nothing().returning(table_of(model).c.id)
    return session.scalar(inserted) is not None


def table_of(model: type[Base]) -> Table:
    """The model's table; SQLAlchemy's types also allow a join here, which no model of ours has."""
    return cast(Table, model.__table__)


def row_count(result: Result[*tuple[Any, ...]]) -> int:
    """The number of rows that an UPDATE or DELETE changed.

    The session returns a CursorResult for these, although its types only promise a Result.
    """
    return cast("CursorResult[*tuple[Any, ...]]", result).rowcount


def after_commit(action: Callable[[], None]) -> None:
    """Run ``action`` after the current transaction commits; never if it is rolled back."""
    db.session().info["after_commit"].append(action)


def end_read() -> None:
    """End the open read transaction; call this before every network call.

    It returns the database connection to the pool while another server answers. Raises
    RuntimeError inside ``transaction()``.
    """
    if not db.session.registry.has():
        return
    session = db.session()
    if session.info.get("in_transaction"):
        raise RuntimeError("a transaction is open across a network call")
    session.commit()


def is_database_trouble(error: Exception) -> bool:
    """True when the database is unreachable, locked, restarting or read-only, so a retry may help.

    It is read-only for a while on a PostgreSQL standby after a failover.
    """
    if isinstance(error, exc.InternalError):  # psycopg raises this for a read-only transaction
        return type(error.orig).__name__ == "ReadOnlySqlTransaction"
    return isinstance(error, (exc.OperationalError, exc.InterfaceError, exc.TimeoutError))


def is_invalid_value(error: Exception) -> bool:
    """True when the database can't store a value, such as a NUL byte in PostgreSQL."""
    return isinstance(error, exc.DataError)


@event.listens_for(Engine, "connect")
def _configure_sqlite(connection: Any, _record: ConnectionPoolEntry) -> None:
    if type(connection).__module__.split(".")[0] != "sqlite3":
        return
    # Turns off the driver's own BEGIN; _begin_sqlite sends ours.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        mode = connection.get_execution_options().get("sqlite_begin", "")
        connection.exec_driver_sql(f"BEGIN {mode}")
