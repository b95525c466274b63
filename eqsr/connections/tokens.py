"""Share access tokens between all processes, encrypted in Redis."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from redis.exceptions import RedisError

from eqsr.core.clock import now
from eqsr.core.encryption import DecryptionError, Vault
from eqsr.outbox import redis_client


class SharedTokens:
    """Implements smartrecruiters.token_store.TokenStore.

    Without Redis, each client fetches its own.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def get(self, key: str) -> tuple[str, datetime] | None:
        """Return the token and when to stop using it, or None."""
        try:
            encrypted = redis_client.connect().get(_name(key))
            if not isinstance(encrypted, bytes):
                return None
            token, expires_at = json.loads(self._vault.decrypt(encrypted.decode()))
        except (RedisError, DecryptionError):
            return None
        return token, datetime.fromisoformat(expires_at)

    def put(self, key: str, token: str, expires_at: datetime) -> None:
        """Store a token until ``expires_at``."""
        seconds = int((expires_at - now()).total_seconds())
        if seconds < 1:
            return
        encrypted = self._vault.encrypt(json.dumps([token, expires_at.isoformat()]))
        try:
            redis_client.connect().set(_name(key), encrypted, ex=seconds)
        except RedisError:
            return

    def drop(self, key: str) -> None:
        """Delete a token."""
        try:
            redis_client.connect().delete(_name(key))
        except RedisError:
            return

    @contextmanager
    def fetching(self, key: str, seconds: float) -> Iterator[None]:
        """Lock the fetching of a token; wait for another process at most ``seconds``."""
        # The lock lapses when its process dies or takes longer than others wait.
        name, lock = f"{_name(key)}:fetching", None
        with suppress(RedisError):
            lock = redis_client.connect().lock(
                name, timeout=seconds, blocking_timeout=seconds, sleep=0.05
            )
            lock.acquire()
        try:
            yield
        finally:
            with suppress(RedisError):  # not acquired, or lapsed
                if lock is not None:
                    lock.release()


def _name(key: str) -> str:
    return f"eqsr:token:{key}"
