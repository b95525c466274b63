"""Count what may happen only so often, for all processes together.

The counters lie in Redis, in the embedded one too. While it is away, each process counts alone.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from redis.exceptions import ConnectionError, RedisError

from eqsr.outbox import redis_client

log = logging.getLogger(__name__)

PREFIX = "eqsr:counter:"
# Counters of a process that counts alone, beyond which the ones that have ended are dropped.
MANY = 10_000

# Takes one of each counter, or of none. Returns the number of the limit that refused and the
# milliseconds until its counter ends, or 0, 0 and the counters' new values.
_TAKE = """
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[2 * i - 1]) then
    return {i, math.max(redis.call('PTTL', key), 0)}
  end
end
local answer = {0, 0}
for i, key in ipairs(KEYS) do
  local value = redis.call('INCR', key)
  if redis.call('PTTL', key) < 0 then redis.call('EXPIRE', key, ARGV[2 * i]) end
  table.insert(answer, value)
end
return answer
"""
_GIVE_BACK = """
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') > 0 then redis.call('DECR', key) end
end
"""


@dataclass(frozen=True)
class Limit:
    """At most ``most`` within ``seconds``, counted from the first; ``key`` says of what."""

    key: str
    most: int
    seconds: int


@dataclass(frozen=True)
class Taken:
    """What became of an attempt to take one of each limit.

    ``refused_by``: the limit that had none left, or None. ``wait``: seconds until it has again.
    ``counts``: how many of each limit are taken now, in the order of the limits.
    """

    refused_by: Limit | None = None
    wait: float = 0.0
    counts: tuple[int, ...] = ()


def take(limits: Sequence[Limit]) -> Taken:
    """Take one of each of these limits; if one of them has none left, take none."""
    keys = [PREFIX + limit.key for limit in limits]
    arguments = [number for limit in limits for number in (limit.most, limit.seconds)]
    answer = _run(_TAKE, keys, arguments)
    if answer is None:
        return _alone.take(limits)
    if answer[0]:
        return Taken(limits[answer[0] - 1], answer[1] / 1000)
    return Taken(counts=tuple(answer[2:]))


def give_back(limits: Sequence[Limit]) -> None:
    """Undo ``take``, because what was done does not count."""
    if _run(_GIVE_BACK, [PREFIX + limit.key for limit in limits], []) is None:
        _alone.give_back(limits)


def _run(script: str, keys: list[str], arguments: list[int]) -> list[int] | None:
    """The script's answer; None while Redis is away."""
    try:
        try:
            return _eval(script, keys, arguments)
        except ConnectionError:
            redis_client.restart_embedded_redis()
            return _eval(script, keys, arguments)
    except RedisError as error:
        log.warning("limits are counted by each process alone: %s", type(error).__name__)
        return None


def _eval(script: str, keys: list[str], arguments: list[int]) -> list[int]:
    answer = redis_client.connect().eval(script, len(keys), *keys, *arguments)
    return list(answer or [])


class _CountersOfOneProcess:
    """The same counters in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[int, float]] = {}  # how many, and when they end

    def take(self, limits: Sequence[Limit]) -> Taken:
        now = time.monotonic()
        with self._lock:
            for limit in limits:
                count, end = self._current(limit, now)
                if count >= limit.most:
                    return Taken(limit, end - now)
            counts = []
            for limit in limits:
                count, end = self._current(limit, now)
                self._counts[limit.key] = count + 1, end
                counts.append(count + 1)
            if len(self._counts) > MANY:
                self._counts = {key: one for key, one in self._counts.items() if one[1] > now}
            return Taken(counts=tuple(counts))

    def give_back(self, limits: Sequence[Limit]) -> None:
        with self._lock:
            for limit in limits:
                count, end = self._current(limit, time.monotonic())
                if count:
                    self._counts[limit.key] = count - 1, end

    def clear(self) -> None:
        with self._lock:
            self._counts.clear()

    def _current(self, limit: Limit, now: float) -> tuple[int, float]:
        count, end = self._counts.get(limit.key, (0, 0.0))
        return (count, end) if end > now else (0, now + limit.seconds)


_alone = _CountersOfOneProcess()


def forget_alone() -> None:
    """Forget what this process counted alone."""
    _alone.clear()
