"""Stand-ins for what all workers share: rate limits and stored tokens."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime


class NoLimits:
    """Allows every request."""

    def acquire(self, credential_key: str, endpoint: str) -> AbstractContextManager[None]:
        return nullcontext()

    def observe(self, credential_key: str, endpoint: str, headers: Mapping[str, str]) -> None:
        pass


class InMemoryTokens:
    """Stores the tokens of one process."""

    def __init__(self) -> None:
        self._tokens: dict[str, tuple[str, datetime]] = {}

    def get(self, key: str) -> tuple[str, datetime] | None:
        return self._tokens.get(key)

    def put(self, key: str, token: str, expires_at: datetime) -> None:
        self._tokens[key] = (token, expires_at)

    def drop(self, key: str) -> None:
        self._tokens.pop(key, None)

    def fetching(self, key: str, seconds: float) -> AbstractContextManager[None]:
        return nullcontext()
