"""Installations to back up and to restore into."""

import pytest
from sqlalchemy import JSON, update

from eqsr import create_app
from eqsr.accounts.models import Organisation
from eqsr.connections.models import Connection
from eqsr.core.db import db, transaction
from eqsr.core.settings import from_environment
from eqsr.jobs.models import Job
from tests.conftest import environment
from tests.organisations.pictures import png


@pytest.fixture
def elsewhere(tmp_path, redis, sandbox_process, app):
    """A second, empty installation on SQLite with the same keys; ``changes`` are its settings."""
    made = []

    def make(**changes: str):
        url = f"sqlite:///{tmp_path / f'elsewhere{len(made)}.sqlite3'}"
        given = environment(tmp_path / f"other{len(made)}", url, redis.url, sandbox_process, 8000)
        made.append(create_app(from_environment(given | changes)))
        return made[-1]

    yield make
    for one in made:
        with one.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def lived(story):
    """A story with a sent invitation, a logo, letters of all kinds, and JSON's null beside NULL."""
    story.moves(story.applies(firstName="Zoë 🦉", lastName="O'Neil\n--"))
    story.work()
    with story.world.app.app_context(), transaction() as session:
        northwind = session.get(Organisation, story.world.northwind)
        northwind.logo = png(16, 16)
        session.execute(update(Connection).values(scopes=JSON.NULL))
        session.execute(update(Job).values(mail_words=None))
    return story
