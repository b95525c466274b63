"""Access tokens shared by all processes: in Redis, encrypted."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from redis.exceptions import RedisError

from eqsr.core.clock import now
from eqsr.core.security import DecryptionError, Vault
from eqsr.outbox import queue


class SharedTokens:
    """Implements smartrecruiters.token.TokenStore; without Redis every client fetches its own."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def get(self, key: str) -> tuple[str, datetime] | None:
        try:
            locked = queue.connect().get(_name(key))
            token, expires_at = (
                json.loads(self._vault.decrypt(locked.decode())) if locked else (0, 0)
            )
        except (RedisError, DecryptionError):
            return None
        return (token, datetime.fromisoformat(expires_at)) if locked else None

    def put(self, key: str, token: str, expires_at: datetime) -> None:
        seconds = int((expires_at - now()).total_seconds())
        if seconds < 1:
            return
        locked = self._vault.encrypt(json.dumps([token, expires_at.isoformat()]))
        try:
            queue.connect().set(_name(key), locked, ex=seconds)
        except RedisError:
            return

    def drop(self, key: str) -> None:
        try:
            queue.connect().delete(_name(key))
        except RedisError:
            return

    @contextmanager
    def fetching(self, key: str, seconds: float) -> Iterator[None]:
        # It lapses when its process dies, or is slower than others have the patience for.
        name, lock = f"{_name(key)}:fetching", None
        with suppress(RedisError):
            lock = queue.connect().lock(name, timeout=seconds, blocking_timeout=seconds, sleep=0.05)
            lock.acquire()
        try:
            yield
        finally:
            with suppress(RedisError):  # also where it was not got, or has lapsed
                if lock is not None:
                    lock.release()


def _name(key: str) -> str:
    return f"eqsr:token:{key}"
