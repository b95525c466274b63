"""What Redis knows besides ids: pauses of dispatch, and whether it lost its data."""

import logging
import time
import uuid

from redis.exceptions import RedisError

from eqsr.outbox.redis_client import connect

log = logging.getLogger(__name__)
# Redis keys: a marker that is missing once Redis lost its data, and a hash of pauses with the time
# at which each ends.
DATA_MARKER = "eqsr:known"
PAUSED = "eqsr:paused"


def pause(kind: str, connection_id: uuid.UUID, seconds: float) -> None:
    """Pause dispatch of this kind and connection for ``seconds``, during a rate limit.

    Never raises: without the pause, some calls are made only to be refused.
    """
    try:
        connect().hset(PAUSED, f"{kind}:{connection_id}", time.time() + seconds)
    except RedisError as error:
        log.info("not paused: %s", type(error).__name__)


def broker_state() -> tuple[bool, dict[tuple[str, uuid.UUID], float]]:
    """Return whether Redis has lost its data, and which pauses are in force.

    The first value is True once after Redis was wiped, and with it the dispatched ids. The second
    maps (kind, connection id) to the seconds that its pause still lasts. Raises RedisError.
    """
    client, paused = connect(), {}
    calls = client.pipeline(transaction=False)
    calls.set(DATA_MARKER, 1, nx=True)
    calls.hgetall(PAUSED)
    was_wiped, pauses = calls.execute()
    for name, until in pauses.items():
        left = float(until) - time.time()
        if left > 0:
            kind, _, connection_id = name.decode().partition(":")
            paused[kind, uuid.UUID(connection_id)] = left
        else:
            client.hdel(PAUSED, name)
    return bool(was_wiped), paused
