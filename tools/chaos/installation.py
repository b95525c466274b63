"""The product as operators run it (web process, workers, Redis, database), and a sandbox."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cryptography.fernet import Fernet
from flask import Flask
from flask_migrate import upgrade

from eqsr import create_app
from eqsr.core.db import db
from eqsr.core.settings import from_environment
from eqsr.outbox import redis_client
from tests.services.processes import Process
from tests.services.sandbox import Sandbox, sandbox
from tools.chaos.databases import Database, database
from tools.chaos.redis import Redis, redis
from tools.ports import kept_port

WEB = ["-m", "gunicorn", "--threads", "8", "--timeout", "60", "app:app", "--bind"]


class Installation:
    """All parts of an installation; each can be killed and restarted.

    ``app`` is the same installation in this process, for actions of people and of the clock.
    """

    def __init__(self, folder: Path, box: Sandbox, store: Database, line: Redis, port: int) -> None:
        self.folder, self.box, self.database, self.redis = folder, box, store, line
        self.port = port
        self.environment = {
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": store.url,
            "REDIS_URL": line.url,
            "SECRET_KEY": "only for a campaign, long enough for it",
            "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "PORT": str(self.port),
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "SMARTRECRUITERS_API_URL": box.url,
            "SMARTRECRUITERS_TOKEN_URL": "",
            "MAIL_URL": box.mail_url,
            "MAIL_FROM": "Equalture <no-reply@equalture.example>",
            "BOUNCES_URL": "",
            "SUPPORT_URL": "support@equalture.example",
        }
        self.app: Flask = create_app(from_environment(self.environment))
        with self.app.app_context():
            upgrade()
        self.parts: dict[str, Process] = {}
        self._started = 0

    def start(self, name: str) -> None:
        """Start ``web`` or a worker unless it is running."""
        if name in self.parts and self.parts[name].returncode is None:
            return
        self._started += 1
        log = self.folder / f"{self._started:03}-{name}.log"
        arguments = [*WEB, f"127.0.0.1:{self.port}"] if name == "web" else ["worker.py"]
        self.parts[name] = Process([sys.executable, *arguments], log, self.environment)

    def wait_for_web(self) -> None:
        self.parts["web"].wait_for_url(f"http://127.0.0.1:{self.port}/healthz")

    def kill(self, name: str) -> None:
        """Send SIGKILL; the effect is that of a power cut."""
        if name in self.parts:
            self.parts[name].kill()

    def stop(self, name: str) -> None:
        """Send SIGTERM: the process finishes its current work or returns it."""
        if name in self.parts and self.parts[name].returncode is None:
            self.parts[name].terminate(60)

    def close(self) -> None:
        for name in list(self.parts):
            self.kill(name)
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        redis_client.connect().close()


@contextmanager
def installed(
    folder: Path, database_kind: str, workers: int = 2, *, own_redis: bool = True
) -> Iterator[Installation]:
    """Run an installation for the length of a block.

    ``own_redis``: use a Redis that stores nothing on disk instead of the embedded one, which
    does.
    """
    with ExitStack() as stack:
        box = stack.enter_context(sandbox(folder / "sandbox.log", "--seed", "empty", "--limits"))
        store = stack.enter_context(database(folder, database_kind))
        line = stack.enter_context(redis(folder, own=own_redis))
        port = stack.enter_context(kept_port())
        found = Installation(folder, box, store, line, port)
        stack.callback(found.close)
        for name in ("web", *worker_names(workers)):
            found.start(name)
        found.wait_for_web()
        yield found


def worker_names(number: int) -> list[str]:
    return [f"worker{n}" for n in range(1, number + 1)]
