"""Another encryption key: what is stored is encrypted with it, and the old one can go."""

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from eqsr.connections.models import Connection, WebhookKey
from eqsr.core.db import db, transaction
from eqsr.core.encryption import DecryptionError, Vault
from eqsr.extras.partners.models import Platform, PlatformKey
from eqsr.ops import rekeying
from tests.conftest import KEY
from tests.customer import connected

NEW = Fernet.generate_key().decode()
SECRETS = {
    "of the client",
    "the next client",
    "of the next client",
    "of a webhook",
    "of a platform",
}


@pytest.fixture
def locked(app, box, world):
    """A secret in every column that holds some, under the old key."""
    customer = connected(app, box, world.northwind, "Northwind Ltd")
    old = Vault([KEY])
    with app.app_context(), transaction() as session:
        connection = session.get(Connection, customer.connection_id)
        connection.encrypted_client_secret = old.encrypt("of the client")
        connection.encrypted_pending_client_id = old.encrypt("the next client")
        connection.encrypted_pending_secret = old.encrypt("of the next client")
        session.add(
            WebhookKey(
                connection_id=connection.id,
                subscription_id="some",
                encrypted_key=old.encrypt("of a webhook"),
            )
        )
        platform = Platform(
            organisation_id=world.northwind, name="Puzzle House", host="puzzle.example"
        )
        platform.keys = [PlatformKey(key="puzzles", encrypted_secret=old.encrypt("of a platform"))]
        session.add(platform)


@pytest.fixture
def renew(own_app, locked):
    """``flask keys renew`` with these ENCRYPTION_KEYS: its output and exit code."""

    def run(*keys):
        own_app.extensions["eqsr.vault"] = Vault(keys)
        done = own_app.test_cli_runner().invoke(args=["keys", "renew"])
        return done.stdout, done.exit_code

    return run


def stored(app) -> list[str]:
    with app.app_context():
        found = [
            secret
            for table, column in rekeying.encrypted_columns()
            for secret in db.session.scalars(select(column).where(column.is_not(None)))
        ]
        db.session.rollback()
    return found


def test_afterwards_the_new_key_alone_opens_everything(renew, app):
    number = len(stored(app))
    assert number >= len(SECRETS)
    assert renew(NEW, KEY) == (f"{number}\n", 0)
    alone = Vault([NEW])
    assert {alone.decrypt(secret) for secret in stored(app)} >= SECRETS
    as_it_is = stored(app)
    assert renew(NEW, KEY) == ("0\n", 0)
    assert stored(app) == as_it_is


def test_what_no_key_opens_stays_and_is_said(renew, app):
    as_it_was = stored(app)
    assert renew(NEW) == ("0\n", 1)
    assert stored(app) == as_it_was


def test_a_secret_that_is_stored_meanwhile_is_kept(renew, app, monkeypatch):
    by_first = Vault([NEW, KEY])
    renewing = Vault.renew

    def somebody_is_quicker(vault, locked):
        with transaction() as session:
            connection = session.scalars(select(Connection)).first()
            if connection.encrypted_client_secret == locked:
                connection.encrypted_client_secret = by_first.encrypt("another one")
        return renewing(vault, locked)

    monkeypatch.setattr(Vault, "renew", somebody_is_quicker)
    renew(NEW, KEY)
    opened = {Vault([NEW]).decrypt(secret) for secret in stored(app)}
    assert "another one" in opened
    assert "of the client" not in opened


def test_a_column_for_each_kind_of_secret_was_tried(locked, app):
    with app.app_context():
        filled = {
            f"{table.name}.{column.name}"
            for table, column in rekeying.encrypted_columns()
            if db.session.scalar(select(column).where(column.is_not(None)).limit(1))
        }
        every = {f"{table.name}.{column.name}" for table, column in rekeying.encrypted_columns()}
        db.session.rollback()
    assert filled == every
    assert len(every) == 5


def test_the_old_key_no_longer_opens_it(renew, app):
    renew(NEW, KEY)
    with pytest.raises(DecryptionError):
        Vault([KEY]).decrypt(stored(app)[0])
