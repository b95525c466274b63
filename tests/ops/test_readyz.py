"""/readyz says what is not as it should be, also where reading still works."""

import dataclasses
import os
import socket
import time

import pytest
from sqlalchemy import event

from eqsr import create_app
from eqsr.core.db import db
from eqsr.outbox import redis_client


def checks(client) -> tuple[int, dict[str, bool]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json["checks"]


def test_all_is_well(client):
    assert checks(client) == (200, {"database": True, "redis": True, "migrations": True})


def test_a_redis_that_takes_no_writes_is_not_ready(client):
    redis = redis_client.connect()
    redis.config_set("maxmemory", 1)
    try:
        assert checks(client) == (503, {"database": True, "redis": False, "migrations": True})
    finally:
        redis.config_set("maxmemory", 0)


def test_a_database_that_takes_no_writes_is_not_ready_and_pages_say_try_again(own_app, world):
    def read_only(connection, _record):
        statement = "PRAGMA query_only = ON"
        if os.environ.get("TEST_DATABASE") == "postgresql":
            statement = "SET default_transaction_read_only = on"
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()
        if hasattr(connection, "autocommit"):
            connection.commit()

    with own_app.app_context():
        db.engine.dispose()
        event.listen(db.engine, "connect", read_only)
    browser = own_app.test_client()
    status, found = checks(browser)
    assert (status, found["database"]) == (503, False)
    page = browser.get("/login").text
    token = page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]
    form = {
        "email": world.alice,
        "password": "correct horse battery staple",
        "csrf_token": token,
    }
    answer = browser.post("/login", data=form)
    assert answer.status_code == 503
    assert "Part of the service is away" in answer.text


@pytest.mark.one_database
def test_a_silent_database_host_does_not_hold_it_for_long(app, settings):
    """It takes the connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql+psycopg://u@127.0.0.1:{silent.getsockname()[1]}/x"
        browser = create_app(dataclasses.replace(settings, database_url=url)).test_client()
        begun = time.monotonic()
        assert checks(browser)[0] == 503
        assert time.monotonic() - begun < 30
    redis_client.configure(settings)
