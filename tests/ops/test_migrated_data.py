"""Data that a migration carries along."""

from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from eqsr.connections import queries
from eqsr.core.db import db
from eqsr.core.extensions import vault
from tests.customer import connected


def test_a_client_id_on_trial_is_encrypted_on_the_way_up_and_readable_on_the_way_down(
    app, box, world
):
    customer = connected(app, box, world.northwind, "Northwind Ltd")
    stored = text("SELECT pending_client_id FROM connection")
    with app.app_context():
        downgrade(revision="0009")
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE connection SET pending_client_id = 'typed-by-hand'"))
        upgrade()
        kept = queries.get(customer.connection_id).encrypted_pending_client_id
        db.session.rollback()
        assert vault.decrypt(kept) == "typed-by-hand"
        downgrade(revision="0009")
        with db.engine.connect() as connection:
            assert connection.scalar(stored) == "typed-by-hand"
        upgrade()
