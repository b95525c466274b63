"""Strangers who guess passwords, each from an address of their own."""

from collections.abc import Iterator
from itertools import count

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eqsr.accounts import login_limits
from eqsr.accounts.login_limits import STRANGERS_PER_DAY
from eqsr.outbox import redis_client
from tests.accounts.login import log_in
from tests.work import Work
from tests.world import World

_numbers: Iterator[int] = count(1)


def stranger(world: World, address: str = "") -> FlaskClient:
    browser = world.app.test_client()
    number = next(_numbers) % 2**16
    browser.environ_base["REMOTE_ADDR"] = address or f"10.9.{number // 256}.{number % 256}"
    return browser


def guess(world: World, email: str, address: str = "") -> TestResponse:
    return log_in(stranger(world, address), email, "wrong password")


def a_minute_passes() -> None:
    """Let Redis forget what counts for a minute; its clock can't be moved."""
    _forget(60)


def a_day_passes() -> None:
    """Let Redis forget what counts for a day."""
    _forget(86_400)


def _forget(seconds: int) -> None:
    redis = redis_client.connect()
    for key in redis.keys("eqsr:counter:*"):
        if redis.ttl(key) <= seconds:
            redis.delete(key)


def guess_all_day(world: World, email: str, but: int = 0) -> None:
    """Use up all tries that strangers have in a day, ``but`` for the last few."""
    with world.app.app_context():
        for number in range(STRANGERS_PER_DAY - but):
            if number % 10 == 0:
                a_minute_passes()
            login_limits.begin(email, "", f"10.8.0.{number}")
    a_minute_passes()


def mails_about_guessing(world: World, box, work: Work, email: str) -> list[dict]:
    work()
    return [one for one in box.get("mails", to=email) if "guess" in one["subject"]]
