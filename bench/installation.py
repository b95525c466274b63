"""An installation of the product for measurements: real processes in a throw-away folder."""

import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet
from flask import Flask
from flask_migrate import upgrade

from eqsr import create_app
from eqsr.accounts.models import Organisation
from eqsr.connections.models import Connection, ConnectionState, WebhookKey
from eqsr.core.db import transaction
from eqsr.core.settings import from_environment
from tests.services.postgres import postgres_server
from tests.services.processes import Process, running
from tools.ports import free_port

SECRET = "bench-webhook-secret"


@dataclass
class Installation:
    """One database and one environment; processes are started on demand."""

    folder: Path
    environment: dict[str, str]
    app: Flask
    stack: ExitStack
    processes: dict[str, Process] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return int(self.environment["PORT"])

    def start(self, name: str, *arguments: str, **extra: str) -> Process:
        """Start ``python <arguments>`` as a process."""
        log = self.folder / f"{name}.log"
        command = [sys.executable, *arguments]
        process = self.stack.enter_context(running(command, log, self.environment | extra))
        self.processes[name] = process
        return process

    def start_web(self, module: str = "app:app", name: str = "web", **extra: str) -> Process:
        gunicorn = ["-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}"]
        process = self.start(name, *gunicorn, module, **extra)
        process.wait_for_line(r".*Booting worker.*")
        return process

    def connection(self) -> tuple[uuid.UUID, str]:
        """Create a connection that accepts signed events; return (its id, its webhook key)."""
        with self.app.app_context(), transaction() as session:
            organisation = Organisation(name="Bench", slug=f"bench-{uuid.uuid4().hex[:8]}")
            session.add(organisation)
            session.flush()
            connection = Connection(
                organisation_id=organisation.id,
                key=uuid.uuid4().hex,
                state=ConnectionState.ACTIVE,
            )
            session.add(connection)
            session.flush()
            locked = self.app.extensions["eqsr.vault"].encrypt(SECRET)
            session.add(
                WebhookKey(
                    connection_id=connection.id, subscription_id="bench", encrypted_key=locked
                )
            )
            return connection.id, connection.key


@contextmanager
def installation(database: str, **environment: str) -> Iterator[Installation]:
    """Yield an installation on ``sqlite`` or ``postgresql`` (durable, unlike the tests' server)."""
    folder = Path(tempfile.mkdtemp(prefix="eqsr-bench-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        url = f"sqlite:///{folder / 'bench.sqlite3'}"
        if database == "postgresql":
            url = _durable_postgres(stack, folder)
        port = free_port()
        variables = {
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": url,
            "REDIS_URL": "",
            "SECRET_KEY": "bench" * 10,
            "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
        } | environment
        app = create_app(from_environment(os.environ | variables))
        with app.app_context():
            upgrade()
        yield Installation(folder, variables, app, stack)


def _durable_postgres(stack: ExitStack, folder: Path) -> str:
    server = stack.enter_context(postgres_server(folder))
    server.make_durable()
    return server.create_database("bench")


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process and its children, in MB."""
    total = _rss(pid)
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        total = max(total, _rss(int(child)))
    return total


def _rss(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
