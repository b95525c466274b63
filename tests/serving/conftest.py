"""The product served as it is in production and in the demo, and by servers that it does not
recommend."""

import os
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from eqsr import create_app
from eqsr.accounts.models import Organisation
from eqsr.connections.models import Connection, ConnectionState, WebhookKey
from eqsr.core.db import db, transaction
from eqsr.core.settings import from_environment
from tests.services.processes import Process, running
from tests.smartrecruiters.known_signatures import SECRET_1
from tools.demo import web_command
from tools.ports import kept_port

PLAIN = ("-m", "gunicorn", "--no-control-socket", "--bind")
SERVERS: dict[str, Callable[[int], tuple[str, ...]]] = {
    "as configured": lambda port: (*PLAIN, f"127.0.0.1:{port}", "app:app"),
    "the demo": web_command,
    "waitress": lambda port: ("-m", "waitress", f"--listen=127.0.0.1:{port}", "app:app"),
    "plain gthread": lambda port: (
        *PLAIN, f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "8", "app:app",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Server:
    """A real process on a port of this machine; ``key`` is a webhook key with SECRET_1."""

    name: str
    port: int
    key: str
    process: Process


@contextmanager
def serving(name: str, folder: Path, database_url: str) -> Iterator[Server]:
    with kept_port() as port:
        environment = {
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": database_url,
            "REDIS_URL": "",
            "SECRET_KEY": "a secret key for tests, long enough",
            "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        key = _webhook_key(environment)
        command = [sys.executable, *SERVERS[name](port)]
        with running(
            command, folder / "web.log", environment | {"WEB_CONCURRENCY": None}
        ) as process:
            process.wait_for_url(f"http://127.0.0.1:{port}/healthz")
            yield Server(name, port, key, process)


def _webhook_key(environment: dict[str, str]) -> str:
    app = create_app(from_environment(os.environ | environment))
    with app.app_context():
        with transaction() as session:
            organisation = Organisation(name="Northwind", slug=f"northwind-{uuid.uuid4().hex[:6]}")
            session.add(organisation)
            session.flush()
            connection = Connection(
                organisation_id=organisation.id, key=uuid.uuid4().hex, state=ConnectionState.ACTIVE
            )
            session.add(connection)
            session.flush()
            locked = app.extensions["eqsr.vault"].encrypt(SECRET_1)
            session.add(
                WebhookKey(connection_id=connection.id, subscription_id="s", encrypted_key=locked)
            )
            key = connection.key
        db.engine.dispose()
    return key


@pytest.fixture(scope="module", params=list(SERVERS))
def server(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    make_database: Callable[[], str],
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    with serving(request.param, folder, make_database()) as running_server:
        yield running_server
