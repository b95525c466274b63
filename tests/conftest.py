"""Fixtures for most tests: a real database, a real Redis, the sandbox, and the served product."""

import os
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import hypothesis
import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from playwright.sync_api import Browser
from redis.exceptions import RedisError

from eqsr import create_app
from eqsr.core.db import db
from eqsr.core.extensions import limiter
from eqsr.core.settings import Settings, from_environment
from eqsr.outbox import counters, redis_client
from tests import customer as customers
from tests.customer import Customer
from tests.onboarding.admin import Account, Admin
from tests.services.browser import chromium
from tests.services.databases import Database, PostgresDatabase, SqliteDatabase
from tests.services.postgres import postgres_server
from tests.services.redis import RedisServer, redis_server
from tests.services.sandbox import Sandbox, sandbox
from tests.services.site import Site, served
from tests.snapshots import Snapshots, beginning, forget
from tests.story import Story
from tests.work import Work
from tests.world import World
from tools.ports import kept_port

KEY = Fernet.generate_key().decode()

# A busy machine's speed must not decide a test.
hypothesis.settings.register_profile(
    "eqsr", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("eqsr")


def pytest_xdist_auto_num_workers() -> int:
    """Return the number of cores plus one: tests often wait for a browser, a process or a limit."""
    return min((os.cpu_count() or 1) + 1, 4)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark database tests for PostgreSQL and move long files to the front.

    A test that uses the database also runs on PostgreSQL, unless it is about SQLite or behaves
    the same on both. A long file at the end would run alone.
    """
    for item in items:
        touches = "make_database" in getattr(item, "fixturenames", ())
        if touches and not any(map(item.get_closest_marker, ("sqlite", "one_database"))):
            item.add_marker(pytest.mark.postgres)
    long = {
        item.path
        for item in items
        if any(map(item.get_closest_marker, ("slow", "browser", "engines")))
    }
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all xdist workers of this session share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("sandbox") / "log", "--seed", "empty") as running:
        yield running


@pytest.fixture(autouse=True)
def as_documented(request: pytest.FixtureRequest) -> Iterator[None]:
    """Check a test's traffic between product and sandbox against SmartRecruiters' documentation.

    See tests/openapi.
    """
    yield
    if "sandbox_process" in request.fixturenames:
        request.getfixturevalue("sandbox_process").traffic.check()


@pytest.fixture
def box(request: pytest.FixtureRequest, sandbox_process: Sandbox) -> Sandbox:
    """The sandbox with its limits on, holding only what the test begins with.

    An earlier test may have switched the limits off.
    """
    if beginning(request.fixturenames):
        request.getfixturevalue("app")
    else:
        sandbox_process.post("reset", {"seed": "empty", "limits": True})
    return sandbox_process


@pytest.fixture(scope="session")
def make_database(
    shared_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """Yield a callable that makes a fresh, migrated database and returns its URL.

    The database is SQLite, or PostgreSQL if TEST_DATABASE says so.
    """
    if os.environ.get("TEST_DATABASE") == "postgresql":
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        with (
            postgres_server(shared_folder) as server,
            closing(PostgresDatabase(server, f"eqsr_{worker}", _migrate)) as database,
        ):
            yield database
    else:
        yield SqliteDatabase(tmp_path_factory.mktemp("databases"), _migrate)


@pytest.fixture(scope="session")
def settings(
    tmp_path_factory: pytest.TempPathFactory,
    make_database: Database,
    redis: RedisServer,
    sandbox_process: Sandbox,
) -> Iterator[Settings]:
    folder = tmp_path_factory.mktemp("installation")
    with kept_port() as port:
        yield from_environment(
            environment(folder, make_database(), redis.url, sandbox_process, port)
        )


def environment(
    data_dir: Path, database_url: str, redis_url: str, box: Sandbox, port: int
) -> dict[str, str]:
    """Return the environment of an installation under test."""
    return {
        "DATA_DIR": str(data_dir / "data"),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "a secret key for tests, long enough",
        "ENCRYPTION_KEYS": KEY,
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SMARTRECRUITERS_API_URL": box.url,
        "MAIL_URL": box.mail_url,
        "MAIL_FROM": "Equalture <no-reply@equalture.example>",
        "SUPPORT_URL": "support@equalture.example",
    }


@pytest.fixture(scope="session")
def installation(settings: Settings) -> Flask:
    """One application per session: building its routes and statements outlasts most tests."""
    return create_app(settings)


@pytest.fixture(scope="session")
def snapshots(installation: Flask, make_database: Database, sandbox_process: Sandbox) -> Snapshots:
    return Snapshots(installation, make_database, sandbox_process, lambda: _hang_up(installation))


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    installation: Flask,
    settings: Settings,
    make_database: Database,
    snapshots: Snapshots,
    redis: RedisServer,
) -> Iterator[Flask]:
    """The application, whose database holds only what the test begins with.

    A test that changes the application restores it; ``own_app`` is for changes that cannot be
    undone. Call services inside ``with app.app_context()``; do not keep a context open around
    requests, which would share Flask-Login's cached user.
    """
    redis.wipe()
    redis_client.configure(settings)  # a campaign in this process configured its own installation
    _trust_redis_again()
    forget()
    if begins := beginning(request.fixturenames):
        snapshots.bring_back(begins)
    else:
        make_database()
    yield installation
    _hang_up(installation)


def _trust_redis_again() -> None:
    """Reset the limiter, which counts in memory after a test without Redis or with another app."""
    limiter._storage_dead = False
    limiter._fallback_storage.reset()
    counters.forget_alone()
    with suppress(RedisError):  # the other application's server may have ended
        limiter.storage.reset()


@pytest.fixture
def own_app(app: Flask, settings: Settings) -> Iterator[Flask]:
    """A second application on the same database, for a test that changes it permanently."""
    application = create_app(settings)
    yield application
    _hang_up(application)


def _hang_up(application: Flask) -> None:
    with application.app_context():
        db.session.remove()
        db.engine.dispose()
    redis_client.connect().close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    """The application, served on a real port at its PUBLIC_URL."""
    with served(app) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def work(app: Flask) -> Work:
    """Runs the worker's work inside the test."""
    return Work(app)


@pytest.fixture
def world(request: pytest.FixtureRequest, app: Flask, snapshots: Snapshots) -> World:
    """Two customers and their users; see tests.world."""
    begins = beginning(request.fixturenames)
    assert begins
    return snapshots.world(begins)


def _migrate(url: str) -> None:
    os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")
    settings = from_environment(
        {"DATABASE_URL": url, "DATA_DIR": os.environ.get("TMPDIR", "/tmp") + "/eqsr-migrate"}
    )
    app = create_app(settings)
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def story(box: Sandbox, site: Site, snapshots: Snapshots) -> Story:
    """A connected customer on a served application; the test continues from here."""
    return snapshots.story(site)


@pytest.fixture
def mirrored(
    request: pytest.FixtureRequest, world: World, box: Sandbox, snapshots: Snapshots
) -> Customer:
    """Northwind with an account in the sandbox and two mirrored jobs."""
    if beginning(request.fixturenames) == "mirrored":
        return snapshots.customer()
    return customers.mirrored(world.app, box, world.northwind)


@pytest.fixture
def account(box: Sandbox) -> Account:
    """Northwind's account in the sandbox, with three jobs."""
    return Account(box, "Northwind Ltd", jobs=("Baker", "Driver", "Nurse"))


@pytest.fixture
def admin(app: Flask, world: World) -> Admin:
    """Northwind's SmartRecruiters administrator, with a new onboarding link."""
    return Admin(app, world.northwind)
