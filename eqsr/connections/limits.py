"""Keep SmartRecruiters' rate limits across all processes, counted in Redis."""

import logging
import random
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from redis import Redis
from redis.exceptions import RedisError

from eqsr.core.clock import now
from eqsr.core.db import end_read
from eqsr.outbox import queue
from eqsr.smartrecruiters.errors import Throttled
from eqsr.smartrecruiters.limits import (
    BUSY_RETRY,
    MAX_CONCURRENT,
    InProcessLimits,
    blocked_until,
    ceiling,
    retry_after,
)

log = logging.getLogger(__name__)

# Seconds in which calls per second are counted: a little more than one, as requests' travel varies.
WINDOW = 1.04
# Seconds that a client waits after its first call, so that work under way need not start over.
MID_WORK_PATIENCE = 0.25
# Seconds after which the place of a process that died lapses: the longest call is 5 + 130 s.
PLACE_LEASE = 140.0

# Take a call's turn within the second and a place among the concurrent calls, atomically.
# KEYS: recent calls (endpoint), places held (endpoint), places held (credential), block
# ARGV: window, calls per window, places of the endpoint, places of the credential, name, lease
# Returns "0" if granted, else the seconds to wait, or "busy". Uses Redis' clock, because the
# machines' clocks may differ.
_ACQUIRE = """
local t = redis.call('TIME')
local now = t[1] + t[2] / 1000000
local blocked = tonumber(redis.call('GET', KEYS[4]) or '0')
if blocked > now then return tostring(blocked - now) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
  local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
  return tostring(math.max(0.001, oldest + ARGV[1] - now))
end
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[3])
  or redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[4]) then return 'busy' end
redis.call('ZADD', KEYS[1], now, ARGV[5])
redis.call('EXPIRE', KEYS[1], 5)
for i = 2, 3 do
  redis.call('ZADD', KEYS[i], now + ARGV[6], ARGV[5])
  redis.call('EXPIRE', KEYS[i], math.ceil(ARGV[6]))
end
return '0'
"""

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
        turns, *_, blocked = _keys(credential_key, endpoint)
        try:
            client = queue.connect()
            if retry_after(headers) or _count(client, turns) < ceiling(endpoint).per_second:
                _block(client, blocked, seconds)
        except RedisError:
            _alone.observe(credential_key, endpoint, headers)

    @contextmanager
    def _turn(self, credential_key: str, endpoint: str) -> Iterator[None]:
        """Take a turn and hold a place during the block. Raises Throttled if there is none."""
        name = secrets.token_hex(8)
        keys = _keys(credential_key, endpoint)
        try:
            client = queue.connect()
            limit = ceiling(endpoint)
            arguments = (
                WINDOW,
                limit.per_second,
                limit.concurrent,
                MAX_CONCURRENT,
                name,
                PLACE_LEASE,
            )
            wait = client.eval(_ACQUIRE, len(keys), *keys, *arguments).decode()
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
            _give_back(client, keys, name)


def _keys(credential_key: str, endpoint: str) -> list[str]:
    # Braces keep one credential's keys on one node of a Redis cluster.
    base = f"eqsr:limits:{{{credential_key}}}"
    return [
        f"{base}:{endpoint}:turns",
        f"{base}:{endpoint}:held",
        f"{base}:held",
        f"{base}:{endpoint}:blocked",
    ]


def _count(client: Redis, key: str) -> int:
    """Calls to the endpoint that began within the window."""
    at, micros = client.time()
    return client.zcount(key, f"({at + micros / 1e6 - WINDOW}", "+inf")


def _block(client: Redis, key: str, seconds: float) -> None:
    at, micros = client.time()
    client.set(key, str(at + micros / 1e6 + seconds), px=max(1, round(seconds * 1000)))


def _give_back(client: Redis, keys: list[str], name: str) -> None:
    try:
        pipeline = client.pipeline()
        pipeline.zrem(keys[1], name)
        pipeline.zrem(keys[2], name)
        pipeline.execute()
    except RedisError as error:
        log.warning("a place is left to lapse: %s", type(error).__name__)
