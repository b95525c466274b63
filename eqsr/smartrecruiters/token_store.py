"""What stores access tokens and shares them between workers must do."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol


class TokenStore(Protocol):
    """Stores tokens and shares them between all workers. Keys are opaque and reveal nothing.

    ``expires_at`` is when we stop using the token. It is earlier than SmartRecruiters' own expiry,
    so the entry may be dropped then. If its backend is away, a store must return None from ``get``
    and ignore ``put`` and ``drop``, because a token can always be fetched.
    """

    def get(self, key: str) -> tuple[str, datetime] | None:
        """Return the token and its ``expires_at``; None if there is none."""
        ...

    def put(self, key: str, token: str, expires_at: datetime) -> None:
        """Store a token."""
        ...

    def drop(self, key: str) -> None:
        """Delete the token, if there is one."""
        ...

    def fetching(self, key: str, seconds: float) -> AbstractContextManager[None]:
        """A lock for the time in which a token is fetched, shared between processes.

        The next process then finds the token in the store. Waits at most ``seconds`` for the lock
        and then continues without it.
        """
        ...
