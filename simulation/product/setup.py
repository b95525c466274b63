"""The application and its tables, with cheap password hashes and without rate limits."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade

os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")  # noqa: S108

from eqsr import create_app
from eqsr.core import password_hashes
from eqsr.core.db import db
from eqsr.core.db_errors import is_database_trouble
from eqsr.core.extensions import limiter
from eqsr.core.settings import Settings, from_environment
from simulation.product import memory

PASSWORD = "correct horse battery staple"
MAIL_PASSWORD = "mail-server-password"
PUBLIC_URL = "http://127.0.0.1:8000"


def settings_for(folder: Path, database_url: str, api_url: str) -> Settings:
    """The settings of the simulated installation."""
    return from_environment(
        {
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "SECRET_KEY": "a secret key of the simulation, long enough",
            "ENCRYPTION_KEYS": "c2ltdWxhdGlvbnMgbmVlZCBhIGtleSBvZiAzMiBieXQ=",
            "PORT": "8000",
            "PUBLIC_URL": PUBLIC_URL,
            "SMARTRECRUITERS_API_URL": api_url,
            "MAIL_URL": f"smtp://user:{MAIL_PASSWORD}@127.0.0.1:1025",
            "MAIL_FROM": "Equalture <no-reply@equalture.example>",
            "BOUNCES_URL": "imap://bounces:a-password@127.0.0.1:1143/INBOX",
            "SUPPORT_URL": "support@equalture.example",
        }
    )


def build(settings: Settings) -> Flask:
    """Make the application and its tables; its log goes nowhere."""
    password_hashes._hasher = cheap_hasher()
    app = create_app(settings)
    limiter.enabled = False
    with app.app_context():
        upgrade()
        release()
    for handler in list(logging.getLogger().handlers):
        logging.getLogger().removeHandler(handler)
    memory.remember()
    # Computed once per process: it must not take its random salt from the first run's seed.
    password_hashes.password_matches(None, "")
    return app


def cheap_hasher() -> PasswordHasher:
    """Argon2 with the least work."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    """An application context whose session is gone afterwards."""
    with app.app_context():
        try:
            yield
        finally:
            end_session()


def end_session() -> None:
    """Give the session of this task back, whatever became of it."""
    with suppress(Exception):
        db.session.remove()


def release() -> None:
    """Forget the session and close all connections."""
    db.session.remove()
    db.engine.dispose()


def engine() -> Any:
    """The engine of the database, in an application context."""
    return db.engine


def is_trouble(error: Exception) -> bool:
    """Whether the error is the database's, so that trying again may help."""
    return is_database_trouble(error)
