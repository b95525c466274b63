"""Keep SmartRecruiters' rate limits across all processes, counted in Redis."""

import logging
import random
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from redis.exceptions import RedisError

from eqsr.connections.limit_counters import (
    ACQUIRE,
    PLACE_LEASE,
    WINDOW,
    block,
    calls_within_window,
    counter_keys,
    release,
)
from eqsr.core.clock import now
from eqsr.core.db import end_read
from eqsr.outbox import redis_client
from eqsr.smartrecruiters.errors.outages import Throttled
from eqsr.smartrecruiters.in_process_limits import InProcessLimits
from eqsr.smartrecruiters.limits import BUSY_RETRY, MAX_CONCURRENT, ceiling
from eqsr.smartrecruiters.rate_headers import blocked_until, retry_after

log = logging.getLogger(__name__)

# Seconds that a client waits after its first call, so that work under way need not start over.
MID_WORK_PATIENCE = 0.25

# Fallback while Redis is unavailable: counts only this process. SmartRecruiters' 429 does the rest.
_alone = InProcessLimits(now)


class SharedLimits:
    """Implements smartrecruiters.limits.Limits.

    A call waits at most ``patience`` seconds for its turn; after a client's first call at least
    MID_WORK_PATIENCE.
    """

    def __init__(self, patience: float = 0.0) -> None:
        self._patience = patience

    @contextmanager
    def acquire(self, credential_key: str, endpoint: str) -> Iterator[None]:
        """Hold a place for one call. Raises Throttled if the wait would exceed the patience."""
        # Every call to SmartRecruiters passes here; none may hold a database connection.
        end_read()
        deadline = time.monotonic() + self._patience
        while True:
            try:
                turn = self._turn(credential_key, endpoint)
                turn.__enter__()
                self._patience = max(self._patience, MID_WORK_PATIENCE)
                break
            except Throttled as throttled:
                wait = throttled.retry_after + random.uniform(0, 0.02)
                if time.monotonic() + wait > deadline:
                    raise
                time.sleep(wait)
        try:
            yield
        finally:
            turn.__exit__(None, None, None)

    def observe(self, credential_key: str, endpoint: str, headers: Mapping[str, str]) -> None:
        """Block the endpoint for all processes if a response's headers demand it."""
        until = blocked_until(headers, time.time())
        if until is None:
            return
        seconds = max(0.001, until - time.time())
        turns, *_, blocked = counter_keys(credential_key, endpoint)
        try:
            client = redis_client.connect()
            if (
                retry_after(headers)
                or calls_within_window(client, turns) < ceiling(endpoint).per_second
            ):
                block(client, blocked, seconds)
        except RedisError:
            _alone.observe(credential_key, endpoint, headers)

    @contextmanager
    def _turn(self, credential_key: str, endpoint: str) -> Iterator[None]:
        """Take a turn and hold a place during the block. Raises Throttled if there is none."""
        name = secrets.token_hex(8)
        keys = counter_keys(credential_key, endpoint)
        try:
            client = redis_client.connect()
            limit = ceiling(endpoint)
            arguments = (
                WINDOW,
                limit.per_second,
                limit.concurrent,
                MAX_CONCURRENT,
                name,
                PLACE_LEASE,
            )
            wait = client.eval(ACQUIRE, len(keys), *keys, *arguments).decode()
        except RedisError as error:
            log.warning("limits are counted alone: %s", type(error).__name__)
            with _alone.acquire(credential_key, endpoint):
                yield
            return
        if wait != "0":
            raise Throttled(BUSY_RETRY if wait == "busy" else float(wait), endpoint=endpoint)
        try:
            yield
        finally:
            release(client, keys, name)
