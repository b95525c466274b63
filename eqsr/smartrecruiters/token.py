"""Access tokens: fetched with the customer's credential, cached in a store, renewed early.

Source: SmartRecruiters docs, authentication with an OAuth client credential: a form with
``grant_type=client_credentials``, ``client_id`` and ``client_secret``; ``expires_in`` in seconds.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, ClassVar
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from eqsr.smartrecruiters.credential import Credential
from eqsr.smartrecruiters.errors.outages import Unavailable
from eqsr.smartrecruiters.http import HttpClient, encodable
from eqsr.smartrecruiters.token_answer import raise_unless_good, token_and_life
from eqsr.smartrecruiters.token_store import TokenStore

# Seconds to wait for another process that is fetching a token; then we fetch one ourselves.
_FETCH_WAIT = 10.0


class TokenSource:
    """Provides the token of one credential; never fetches two at the same time."""

    _locks: ClassVar[WeakValueDictionary[str, Any]] = WeakValueDictionary()
    _locks_lock = Lock()

    def __init__(
        self,
        credential: Credential,
        store: TokenStore,
        http: HttpClient,
        clock: Callable[[], datetime],
    ) -> None:
        self._credential = credential
        self._store = store
        self._http = http
        self._clock = clock
        self._key = credential.token_key
        with self._locks_lock:
            self._lock = self._locks.setdefault(self._key, Lock())

    def current(self) -> str:
        """Return a token from the store, or a new one. Raises SmartRecruitersError."""
        return self._stored() or self._fetched_once(refused=None)

    def renewed(self, refused: str) -> str:
        """Return a token other than ``refused``: a newer one from the store, or a new one.

        Raises SmartRecruitersError.
        """
        return self._fetched_once(refused=refused)

    def fetch(self) -> str:
        """Fetch a new token and store it. Raises CredentialsRefused or another error."""
        answer = self._http.exchange(
            self._endpoint,
            self._credential.token_url,
            data={
                "grant_type": "client_credentials",
                "client_id": encodable(self._credential.client_id),
                "client_secret": encodable(self._credential.client_secret),
            },
        )
        raise_unless_good(answer)
        token, life = answer.read(token_and_life)
        # Stop using it a minute early, so that it does not expire during a call; for short-lived
        # tokens, a fifth of the lifetime early.
        usable = life - min(60.0, life / 5)
        self._store.put(self._key, token, self._clock() + timedelta(seconds=usable))
        return token

    @property
    def _endpoint(self) -> str:
        return f"POST {urlsplit(self._credential.token_url).path or '/'}"

    def _stored(self) -> str | None:
        stored = self._store.get(self._key)
        return stored[0] if stored and self._clock() < stored[1] else None

    def _fetched_once(self, refused: str | None) -> str:
        timeouts = self._http.timeouts
        if not self._lock.acquire(timeout=timeouts.connect + timeouts.read):
            raise Unavailable("timeout", endpoint=self._endpoint)
        try:
            with self._store.fetching(self._key, min(_FETCH_WAIT, timeouts.read)):
                # Another thread or process may have fetched one while we waited.
                stored = self._stored()
                if stored is not None and stored != refused:
                    return stored
                self._store.drop(self._key)
                return self.fetch()
        finally:
            self._lock.release()
