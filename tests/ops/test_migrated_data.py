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


def test_the_company_of_a_credential_on_trial_survives_its_columns_new_names(app, box, world):
    customer = connected(app, box, world.northwind, "Northwind Ltd")
    columns = ("company_name", "company_identifier")
    stored = text("SELECT candidate_company_name, candidate_company_identifier FROM connection")
    with app.app_context():
        downgrade(revision="0010")
        with db.engine.begin() as connection:
            connection.execute(
                text(
                    "UPDATE connection SET candidate_company_name = 'company_name', "
                    "candidate_company_identifier = 'company_identifier'"
                )
            )
        upgrade()
        found = queries.get_one(customer.connection_id)
        assert (found.pending_company_name, found.pending_company_identifier) == columns
        db.session.rollback()
        downgrade(revision="0010")
        with db.engine.connect() as connection:
            assert tuple(connection.execute(stored).one()) == columns
        upgrade()


def test_a_link_that_tried_a_credential_before_links_had_runs_goes_on_to_its_last_step(
    app, admin, account, site, work
):
    credential = account.credential()
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)
    with app.app_context():
        downgrade(revision="0011")
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE onboarding_link SET run = NULL"))
        upgrade()
    work()
    assert "SmartRecruiters is connected." in admin.text("/check")
    assert admin.link().connected_at is not None
