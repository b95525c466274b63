"""SmartRecruiters' limits, counted for all workers together in Redis."""

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

# The second as we count it is a little longer than theirs: requests don't travel equally fast.
SECOND = 1.04
# Having asked one thing, it is a waste to start over for want of the turn for the next one.
MIDWAY = 0.25
# A held place of a process that died lapses after the longest possible call (5 + 130 s).
HOLD = 140.0

# KEYS: turns begun (endpoint), places held (endpoint), places held (credential), block
# ARGV: second, turns a second, places of the endpoint, places of the credential, name, hold
# Answers 0 when the turn is granted, else the seconds to wait as text. Redis' own clock counts,
# so machines with other ideas of the time agree.
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

# Counts only this process, for as long as Redis is away; SmartRecruiters' 429 does the rest.
_alone = InProcessLimits(now)


class SharedLimits:
    """Implements smartrecruiters.limits.Limits: whoever has no turn waits ``patience`` seconds for
    it at most, and a moment longer midway."""

    def __init__(self, patience: float = 0.0) -> None:
        self._patience = patience

    @contextmanager
    def acquire(self, credential_key: str, endpoint: str) -> Iterator[None]:
        # Every call to SmartRecruiters passes here: no database connection is held across it.
        end_read()
        deadline = time.monotonic() + self._patience
        while True:
            try:
                turn = self._turn(credential_key, endpoint)
                turn.__enter__()
                self._patience = max(self._patience, MIDWAY)
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
        name = secrets.token_hex(8)
        keys = _keys(credential_key, endpoint)
        try:
            client = queue.connect()
            limit = ceiling(endpoint)
            arguments = [SECOND, limit.per_second, limit.at_once, MAX_CONCURRENT, name, HOLD]
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
    """Turns that began within the last second."""
    at, micros = client.time()
    return client.zcount(key, f"({at + micros / 1e6 - SECOND}", "+inf")


def _block(client: Redis, key: str, seconds: float) -> None:
    at, micros = client.time()
    client.set(key, str(at + micros / 1e6 + seconds), px=max(1, round(seconds * 1000)))


def _give_back(client: Redis, keys: list[str], name: str) -> None:
    try:
        client.pipeline().zrem(keys[1], name).zrem(keys[2], name).execute()
    except RedisError as error:
        log.warning("a place lapses by itself: %s", type(error).__name__)
