"""Access tokens: fetched with the customer's credential, cached in a store, renewed early.

Source: SmartRecruiters docs, authentication with an OAuth client credential: a form with
``grant_type=client_credentials``, ``client_id`` and ``client_secret``; ``expires_in`` in seconds.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from eqsr.smartrecruiters.errors import CredentialsRefused, Throttled, Unavailable
from eqsr.smartrecruiters.fields import WrongShape, mapping, text
from eqsr.smartrecruiters.http import HttpClient, encodable
from eqsr.smartrecruiters.limits import retry_after
from eqsr.smartrecruiters.response import ApiResponse

# Seconds: lifetime of a token that comes without ``expires_in``, and the longest that we assume.
_UNSTATED_LIFE = 300.0
_LONGEST_LIFE = 24 * 3600.0
# Seconds to wait for another process that is fetching a token; then we fetch one ourselves.
_FETCH_WAIT = 10.0
_TOKEN = re.compile(r"[\x21-\x7e]{1,8192}")


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


@dataclass(frozen=True)
class Credential:
    """A customer's OAuth client and the API it is for. repr() leaves the secret out."""

    client_id: str
    client_secret: str = field(repr=False)
    api_url: str
    token_url: str

    @property
    def token_key(self) -> str:
        """Key of the token in the store; depends on the secret, so a new one gets its own token."""
        return _digest(self.client_secret, "token", self.client_id, self.token_url)

    @property
    def limits_key(self) -> str:
        """Key of the rate limits; the same for all secrets: SmartRecruiters counts per client."""
        return _digest("", "limits", self.client_id, self.api_url)


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
        _raise_unless_good(answer)
        token, life = answer.read(_token_and_life)
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


def _raise_unless_good(answer: ApiResponse) -> None:
    status, endpoint = answer.status, answer.endpoint
    if status == 200:
        return
    codes = answer.error_codes()
    if status in (400, 401, 403):
        raise CredentialsRefused(endpoint=endpoint, status=status, codes=codes)
    if status == 429:
        wait = retry_after(answer.headers) or 1.0
        raise Throttled(wait, endpoint=endpoint, status=status, codes=codes)
    if status >= 500 or status == 408:
        raise Unavailable("status", endpoint=endpoint, status=status, codes=codes)
    raise answer.unexpected("the token endpoint sent an undocumented status")


def _token_and_life(document: Any) -> tuple[str, float]:
    """Parse the token and its lifetime in seconds; a missing lifetime counts as short."""
    document = mapping(document)
    token = document.get("access_token")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise WrongShape("access_token is missing or not a token")
    kind = text(document, "token_type")
    if kind is not None and kind.lower() != "bearer":
        raise WrongShape("token_type is not bearer")
    try:
        life = float(document.get("expires_in", _UNSTATED_LIFE))
    except (TypeError, ValueError, OverflowError):
        raise WrongShape("expires_in is not a number") from None
    if not life > 0:
        raise WrongShape("expires_in is not above 0")
    return token, min(life, _LONGEST_LIFE)


def _digest(key: str, *parts: str) -> str:
    message = "\n".join(parts).encode("utf-8", "surrogatepass")
    return hmac.new(key.encode("utf-8", "surrogatepass"), message, hashlib.sha256).hexdigest()
