"""The database session and its write transactions."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, CursorResult, Dialect, Engine, MetaData, Result, event
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from eqsr.core.private_files import create_privately


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

_sqlite_writer = threading.RLock()


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
    end_read()
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
    try:
        session.commit()
    except Exception:
        # Else the session would refuse every further statement, of other work too.
        session.rollback()
        raise


@event.listens_for(Engine, "do_connect")
def _make_sqlite_private(dialect: Dialect, _record: Any, given: list[Any], _named: Any) -> None:
    if dialect.name == "sqlite" and given:
        create_privately(str(given[0]))


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
