"""Tokens that all processes share, kept in a real Redis."""

import threading
from datetime import timedelta

import pytest

from eqsr.connections.tokens import SharedTokens
from eqsr.core.clock import now
from eqsr.core.extensions import vault
from eqsr.outbox import redis_client
from tests.services.processes import eventually

pytestmark = pytest.mark.one_database


@pytest.fixture
def tokens(app):
    with app.app_context():
        yield SharedTokens(app.extensions["eqsr.vault"])


def test_a_token_is_kept_locked_until_it_lapses(tokens):
    tokens.put("key", "the token", now() + timedelta(seconds=60))
    assert tokens.get("key")[0] == "the token"
    kept = redis_client.connect().get("eqsr:token:key")
    assert b"the token" not in kept
    assert "the token" in vault.decrypt(kept.decode())
    assert 0 < redis_client.connect().ttl("eqsr:token:key") <= 60


def test_one_process_fetches_and_the_others_find_what_it_brought(tokens):
    order = []

    def second():
        with tokens.fetching("key", 10):
            order.append(tokens.get("key")[0])

    with tokens.fetching("key", 10):
        thread = threading.Thread(target=second)
        thread.start()
        assert not eventually(lambda: order, 0.3)
        tokens.put("key", "fetched once", now() + timedelta(seconds=60))
    thread.join()
    assert order == ["fetched once"]


def test_nobody_waits_for_ever_for_who_has_died(tokens):
    redis_client.connect().set("eqsr:token:key:fetching", "a process that is no more", px=60_000)
    with tokens.fetching("key", 0.2):
        pass
    assert redis_client.connect().get("eqsr:token:key:fetching") == b"a process that is no more"


def test_without_redis_each_fetches_its_own(tokens, redis):
    redis.kill()
    try:
        with tokens.fetching("key", 0.2):
            assert tokens.get("key") is None
    finally:
        redis.start()
