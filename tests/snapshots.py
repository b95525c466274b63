"""Creates what many tests begin with, keeps it for a while, and restores it for each test."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Flask

from eqsr.connections import webhook_keys
from eqsr.core.clock import now
from eqsr.outbox import breaker_state, breakers, redis_client
from tests.customer import Customer, mirrored
from tests.services.databases import Database
from tests.services.sandbox import Sandbox
from tests.services.site import Site, served
from tests.story import Story, connect
from tests.work import Work
from tests.world import World, build_world

# Tests may check how long ago something was, so an older snapshot is made again.
FRESH = timedelta(seconds=30)


def _story(world: World, box: Sandbox) -> Story:
    with served(world.app) as site:
        return connect(world, box, site, Work(world.app))


def _mirrored(world: World, box: Sandbox) -> Customer:
    return mirrored(world.app, box, world.northwind)


def _world(_world: World, _box: Sandbox) -> None:
    return None


BEGINNINGS: dict[str, Callable[[World, Sandbox], Story | Customer | None]] = {
    "story": _story,
    "mirrored": _mirrored,
    "world": _world,
}
"""Builders of the data besides the world, by fixture; the fixture with the most data is first."""


def beginning(fixtures: Collection[str]) -> str | None:
    """Return the beginning for a test with these fixtures; None if it begins with nothing."""
    return next((name for name in BEGINNINGS if name in fixtures), None)


@dataclass(frozen=True)
class Kept:
    """One kept beginning; ``redis``: key, lifetime in milliseconds (0: no limit), value of DUMP."""

    world: World
    made: Story | Customer | None
    redis: list[tuple[bytes, int, bytes]]
    made_at: datetime


class Snapshots:
    """Keeps each beginning: its database, sandbox and Redis contents."""

    def __init__(
        self, application: Flask, database: Database, box: Sandbox, hang_up: Callable[[], None]
    ) -> None:
        self._application, self._database, self._box = application, database, box
        self._hang_up = hang_up
        self._kept: dict[str, Kept] = {}

    def world(self, name: str) -> World:
        """Return the world of a restored beginning."""
        return self._kept[name].world

    def story(self, site: Site) -> Story:
        """Return the restored story, now served at ``site``."""
        made = self._kept["story"].made
        assert isinstance(made, Story)
        return replace(made, site=site)

    def customer(self) -> Customer:
        made = self._kept["mirrored"].made
        assert isinstance(made, Customer)
        return made

    def bring_back(self, name: str) -> None:
        """Restore a beginning. Redis must be empty, and the database without connections."""
        kept = self._kept.get(name)
        if kept is None or not timedelta() <= now() - kept.made_at < FRESH:
            kept = self._kept[name] = self._make(name)
        self._database.restore(name)
        self._box.post(f"snapshots/{name}/restore")
        for key, milliseconds, value in kept.redis:
            redis_client.connect().restore(key, milliseconds, value, replace=True)

    def _make(self, name: str) -> Kept:
        self._database()
        self._box.post("reset", {"seed": "empty", "limits": True})
        world = build_world(self._application)
        made = BEGINNINGS[name](world, self._box)
        made_at = now()
        self._box.post(f"snapshots/{name}")
        redis = redis_client.connect()
        found = [(key, max(0, redis.pttl(key)), redis.dump(key)) for key in redis.scan_iter()]
        keys = [one for one in found if one[2] is not None]  # others have expired meanwhile
        self._hang_up()
        self._database.keep(name)
        forget()
        return Kept(world, made, keys, made_at)


def forget() -> None:
    """Clear this process's caches about connections: another test's may have the same ids."""
    webhook_keys._cache.clear()
    breakers._failures.clear()
    breaker_state._read_at = 0.0
