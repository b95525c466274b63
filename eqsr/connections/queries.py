"""Finding a connection."""

import uuid

from sqlalchemy import Select, select

from eqsr.connections.models import Connection, ConnectionState
from eqsr.core.db import db
from eqsr.core.messages import NotFoundError

# Connections that are meant to work.
WORKING = (ConnectionState.ACTIVE, ConnectionState.NEEDS_ATTENTION)


def get(connection_id: uuid.UUID) -> Connection | None:
    """As it is in the database now, whatever this session read before."""
    return db.session.scalar(_fresh().where(Connection.id == connection_id))


def for_update(connection_id: uuid.UUID) -> Connection:
    """As it is now and stays until the end of this transaction. Raises NotFoundError."""
    query = _fresh().where(Connection.id == connection_id).with_for_update(of=Connection)
    connection = db.session.scalar(query)
    if connection is None:
        raise NotFoundError
    return connection


def of(organisation_id: uuid.UUID) -> Connection | None:
    """The connection of an organisation, in whatever state."""
    return db.session.scalar(_fresh().where(Connection.organisation_id == organisation_id))


def of_each(organisation_ids: list[uuid.UUID]) -> dict[uuid.UUID, Connection]:
    """The connections of these organisations, by organisation."""
    query = _fresh().where(Connection.organisation_id.in_(organisation_ids))
    return {connection.organisation_id: connection for connection in db.session.scalars(query)}


def by_key(key: str) -> Connection | None:
    """The connection that a webhook address names."""
    return db.session.scalar(select(Connection).where(Connection.key == key))


def _fresh() -> Select[tuple[Connection]]:
    return select(Connection).execution_options(populate_existing=True)


def working_ids() -> list[uuid.UUID]:
    """Connections that are meant to work."""
    query = select(Connection.id).where(Connection.state.in_(WORKING))
    return list(db.session.scalars(query))
