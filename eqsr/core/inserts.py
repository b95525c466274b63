"""Insert rows unless a unique constraint finds them there already."""

import uuid
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from eqsr.core.columns import new_id
from eqsr.core.db import Base, db

_DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}


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
