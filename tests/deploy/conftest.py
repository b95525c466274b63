"""A temporary installation, made of what deploy/Dockerfile copies."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from eqsr.core import embedded_redis
from tests.deploy.installation import Installation, install
from tests.services.redis import RedisServer
from tools.ports import kept_port


@pytest.fixture
def installed(tmp_path: Path, redis: RedisServer) -> Iterator[Installation]:
    install(tmp_path / "opt")
    (tmp_path / "tmp").mkdir()
    with kept_port() as port:
        environment = {
            "DATA_DIR": str(tmp_path / "data"),
            "DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'eqsr.sqlite3'}",
            "REDIS_URL": redis.url,
            "SECRET_KEY": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "HOME": "/nonexistent",
            "TMPDIR": str(tmp_path / "tmp"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        yield Installation(tmp_path / "opt", environment)
    embedded_redis.stop(tmp_path / "data")


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """The socket at which services of Type=notify report."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(60)
        yield listener
