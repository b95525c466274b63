"""Find and lock connections."""

import uuid

from sqlalchemy import Select, select

from eqsr.connections.models import Connection, ConnectionState
from eqsr.core.db import db
from eqsr.core.messages import NotFoundError

# Connections that are meant to work.
WORKING = (ConnectionState.ACTIVE, ConnectionState.NEEDS_ATTENTION)


def get(connection_id: uuid.UUID) -> Connection | None:
    """Return the connection as it is in the database now; None if there is none."""
    return db.session.scalar(_fresh().where(Connection.id == connection_id))


def get_one(connection_id: uuid.UUID) -> Connection:
    """Like get. Raises sqlalchemy.exc.NoResultFound if there is none."""
    return db.session.scalars(_fresh().where(Connection.id == connection_id)).one()


def for_update(connection_id: uuid.UUID) -> Connection:
    """Read the connection and lock it until the transaction ends. Raises NotFoundError."""
    query = _fresh().where(Connection.id == connection_id).with_for_update(of=Connection)
    connection = db.session.scalar(query)
    if connection is None:
        raise NotFoundError
    return connection


def of(organisation_id: uuid.UUID) -> Connection | None:
    """Return the organisation's connection in any state, or None."""
    return db.session.scalar(_fresh().where(Connection.organisation_id == organisation_id))


def of_each(organisation_ids: list[uuid.UUID]) -> dict[uuid.UUID, Connection]:
    """Return the connections of these organisations, by organisation id."""
    query = _fresh().where(Connection.organisation_id.in_(organisation_ids))
    return {connection.organisation_id: connection for connection in db.session.scalars(query)}


def by_key(key: str) -> Connection | None:
    """Return the connection whose webhook address ends in ``key``, or None."""
    return db.session.scalar(select(Connection).where(Connection.key == key))


def _fresh() -> Select[Connection]:
    return select(Connection).execution_options(populate_existing=True)


def working_ids() -> list[uuid.UUID]:
    """Return the ids of all connections that are meant to work."""
    query = select(Connection.id).where(Connection.state.in_(WORKING))
    return list(db.session.scalars(query))
