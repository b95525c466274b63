"""The people in the tests: alice, bob and dora of Northwind, charlie of Acme, sam of the
platform.

alice is an admin; bob and dora are reviewers. bob is on the team of the story's job, dora on no
team. charlie is a stranger to all of them and must always get a 404.
"""

import uuid
from dataclasses import dataclass

from argon2 import PasswordHasher
from flask import Flask, session
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from eqsr.accounts import pages
from eqsr.accounts.models import Organisation, Role, User
from eqsr.core.db import db, transaction

PASSWORD = "correct horse battery staple"
# A cheap password hash: nearly every test begins with a login.
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@dataclass(frozen=True)
class World:
    app: Flask
    northwind: uuid.UUID
    acme: uuid.UUID
    alice: str = "alice@northwind.example"
    bob: str = "bob@northwind.example"
    dora: str = "dora@northwind.example"
    charlie: str = "charlie@acme.example"
    sam: str = "sam@equalture.example"

    def log_in(self, email: str) -> FlaskClient:
        """Return a browser in which this person is logged in.

        Does what the login page does once it knows who it is; the page itself is left out, because
        nearly every test begins here. tests/accounts tests it.
        """
        with self.app.test_request_context("/login"):
            pages.log_in(db.session.scalars(select(User).where(User.email == email)).one())
            logged_in = dict(session)
        browser = self.app.test_client()
        with browser.session_transaction() as cookie:
            cookie.update(logged_in)
            cookie.permanent = True
        return browser

    def log_in_by_page(self, email: str) -> FlaskClient:
        """Return a browser that is known and logged in, by the login page and all that it does."""
        browser = self.app.test_client()
        form = {"email": email, "password": PASSWORD, "csrf_token": csrf(browser, "/login")}
        answer = browser.post("/login", data=form)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return browser


def csrf(browser: FlaskClient, path: str) -> str:
    """Return the CSRF token in the page at ``path``."""
    page = browser.get(path).get_data(as_text=True)
    return page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]


def csrf_token(browser: FlaskClient) -> str:
    """Return a CSRF token of this browser's session without asking for a page."""
    with browser.session_transaction() as cookie:
        secret = cookie.setdefault("csrf_token", "a secret of this session")
    key = browser.application.secret_key
    assert key
    return URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(secret)


def build_world(app: Flask) -> World:
    with app.app_context(), transaction() as rows:
        names = {"northwind": "Northwind", "acme": "Acme Foods", "equalture": "Equalture"}
        made = {slug: Organisation(name=name, slug=slug) for slug, name in names.items()}
        rows.add_all(made.values())
        rows.flush()
        people = [
            (World.alice, "northwind", Role.ADMIN),
            (World.bob, "northwind", Role.REVIEWER),
            (World.dora, "northwind", Role.REVIEWER),
            (World.charlie, "acme", Role.ADMIN),
            (World.sam, "equalture", Role.STAFF),
        ]
        for email, slug, role in people:
            rows.add(
                User(
                    email=email,
                    name=email.split("@")[0].title(),
                    organisation_id=made[slug].id,
                    role=role,
                    password_hash=_HASH,
                )
            )
        return World(app, made["northwind"].id, made["acme"].id)
