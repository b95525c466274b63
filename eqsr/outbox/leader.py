"""Choose the one dispatcher that leads."""

import time

from eqsr.outbox.redis_client import connect

# The Redis key that holds the leader's name, and the milliseconds after which it expires.
LEADER = "eqsr:dispatcher"
LEADER_MS = 3000


class LeaderLock:
    """A lock in Redis that one dispatcher holds: the leader. It expires when its process ends."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._sure_until = 0.0

    def holds(self) -> bool:
        """Take or extend the lock; True while this process has it. Asks Redis once a second.

        Raises RedisError.
        """
        moment = time.monotonic()
        if moment >= self._sure_until and self._take():
            self._sure_until = moment + LEADER_MS / 3000
        return moment < self._sure_until

    def _take(self) -> bool:
        client = connect()
        if client.set(LEADER, self._name, nx=True, px=LEADER_MS):
            return True
        if client.get(LEADER) == self._name.encode():
            client.pexpire(LEADER, LEADER_MS)
            return True
        return False

    def step_down(self) -> None:
        """Release the lock, so that another dispatcher can lead at once. Raises RedisError."""
        if connect().get(LEADER) == self._name.encode():
            connect().delete(LEADER)
