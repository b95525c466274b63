"""A credential is entered while somebody else writes about the same connection."""

import threading

from sqlalchemy import text

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections import queries, service
from eqsr.connections.models import ConnectionState
from eqsr.core.db import db, transaction
from eqsr.core.extensions import vault
from tests.customer import connected
from tests.services.processes import eventually


def somebody_waits() -> bool:
    """For a lock of PostgreSQL; on SQLite whoever writes waits outside the database."""
    if db.engine.dialect.name == "sqlite":
        return True
    with db.engine.connect() as connection:
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        return bool(connection.scalar(text(waiting)))


def test_neither_waits_for_the_other_for_ever(app, box, world):
    customer = connected(app, box, world.northwind, "Northwind")
    held = threading.Event()
    failures: list[BaseException] = []

    def enter() -> None:
        try:
            with app.app_context():
                held.wait(20)
                service.begin(world.northwind, "an-id", "a-secret")
                db.session.remove()
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=enter)
    thread.start()
    with app.app_context():
        with transaction():
            connection = queries.for_update(customer.connection_id)
            held.set()
            assert eventually(somebody_waits)
            activity.log(
                ActivityKind.CONNECTION_RECOVERED,
                world.northwind,
                connection_id=customer.connection_id,
            )
            connection.run += 1
        thread.join(30)
        assert failures == []
        begun = queries.get(customer.connection_id)
        assert vault.decrypt(begun.encrypted_pending_client_id) == "an-id"
        assert begun.run == 2
        assert begun.state is ConnectionState.ACTIVE
