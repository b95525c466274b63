"""What many tests begin with is made once per process, kept, and brought back for each of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Flask

from eqsr.connections import webhook_keys
from eqsr.core.clock import now
from eqsr.outbox import breakers, queue
from tests.services.databases import Database
from tests.services.sandbox import Sandbox
from tests.services.site import Site, served
from tests.story import Story, connect
from tests.work import Work
from tests.world import World, build_world

STORY = "story"
# A test may ask how long ago something was: what is kept longer is made anew.
FRESH = timedelta(minutes=1)


@dataclass(frozen=True)
class Kept:
    """``redis``: each key, how many milliseconds it lives (0: forever), and what DUMP says."""

    story: Story
    redis: list[tuple[bytes, int, bytes]]
    made_at: datetime


class Snapshots:
    """Keeps the story: in the database, in the sandbox and in Redis."""

    def __init__(
        self, application: Flask, database: Database, box: Sandbox, hang_up: Callable[[], None]
    ) -> None:
        self._application, self._database, self._box = application, database, box
        self._hang_up = hang_up
        self._kept: Kept | None = None

    @property
    def world(self) -> World:
        """The story's world, once it was brought back."""
        assert self._kept
        return self._kept.story.world

    def story(self, site: Site) -> Story:
        """What was brought back, now served at ``site``."""
        assert self._kept
        return replace(self._kept.story, site=site)

    def bring_back(self) -> None:
        """Leave everything as it is once the story is connected. Redis must be empty."""
        if self._kept is None or not timedelta() <= now() - self._kept.made_at < FRESH:
            self._kept = self._make()
            forget()
        self._database.restore(STORY)
        self._box.post(f"snapshots/{STORY}/restore")
        for key, milliseconds, value in self._kept.redis:
            queue.connect().restore(key, milliseconds, value, replace=True)

    def _make(self) -> Kept:
        self._database()
        self._box.post("reset", {"seed": "empty", "limits": True})
        world = build_world(self._application)
        with served(self._application) as site:
            story = connect(world, self._box, site, Work(self._application))
        made_at = now()
        self._box.post(f"snapshots/{STORY}")
        redis = queue.connect()
        keys = [(key, max(0, redis.pttl(key)), redis.dump(key)) for key in redis.scan_iter()]
        self._hang_up()
        self._database.keep(STORY)
        return Kept(story, keys, made_at)


def forget() -> None:
    """Forget what this process remembers of connections: another test's may have the same ids."""
    webhook_keys._remembered.clear()
    breakers._failures.clear()
    breakers._seen_at = 0.0
