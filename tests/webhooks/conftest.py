"""Fixtures of the webhook tests."""

import uuid

import pytest

from eqsr.connections.models import Connection, ConnectionState
from eqsr.core.db import transaction
from tests.smartrecruiters.known_signatures import SECRET_1
from tests.webhooks.deliveries import webhook_key


@pytest.fixture
def mailbox(world):
    """The webhook address of a connection that holds the key of the known answers."""
    key = uuid.uuid4().hex
    with world.app.app_context(), transaction() as session:
        connection = Connection(
            organisation_id=world.northwind, key=key, state=ConnectionState.ACTIVE
        )
        session.add(connection)
        session.flush()
        session.add(webhook_key(connection.id, SECRET_1))
    return f"/webhooks/smartrecruiters/{key}"
