"""Count calls and places in Redis, by its clock, for all processes."""

import logging

from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

# Seconds in which calls per second are counted: a little more than one, as requests' travel varies.
WINDOW = 1.04

# Seconds after which the place of a process that died lapses: the longest call is 5 + 130 s.
PLACE_LEASE = 140.0

# Take a call's turn within the second and a place among the concurrent calls, atomically.
# KEYS: recent calls (endpoint), places held (endpoint), places held (credential), block
# ARGV: window, calls per window, places of the endpoint, places of the credential, name, lease
# Returns "0" if granted, else the seconds to wait, or "busy". Uses Redis' clock, because the
# machines' clocks may differ.
ACQUIRE = """
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


def counter_keys(credential_key: str, endpoint: str) -> list[str]:
    """Return the four KEYS of ``ACQUIRE`` for an endpoint and a credential."""
    # Braces keep one credential's keys on one node of a Redis cluster.
    base = f"eqsr:limits:{{{credential_key}}}"
    return [
        f"{base}:{endpoint}:turns",
        f"{base}:{endpoint}:held",
        f"{base}:held",
        f"{base}:{endpoint}:blocked",
    ]


def calls_within_window(client: Redis, key: str) -> int:
    """Calls to the endpoint that began within the window."""
    at, micros = client.time()
    return client.zcount(key, f"({at + micros / 1e6 - WINDOW}", "+inf")


def block(client: Redis, key: str, seconds: float) -> None:
    """Let no process call the endpoint for so many seconds."""
    at, micros = client.time()
    client.set(key, str(at + micros / 1e6 + seconds), px=max(1, round(seconds * 1000)))


def release(client: Redis, keys: list[str], name: str) -> None:
    """Give the place ``name`` back."""
    try:
        pipeline = client.pipeline()
        pipeline.zrem(keys[1], name)
        pipeline.zrem(keys[2], name)
        pipeline.execute()
    except RedisError as error:
        log.warning("a place is left to lapse: %s", type(error).__name__)
