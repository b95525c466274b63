"""The client of SmartRecruiters' Customer API, for one customer's credential."""

from collections.abc import Callable
from copy import copy
from datetime import datetime
from urllib.parse import urlsplit

import requests

from eqsr.core.clock import now
from eqsr.smartrecruiters.applications import ApplicationCalls
from eqsr.smartrecruiters.call_observer import CallObserver
from eqsr.smartrecruiters.candidates import CandidateCalls
from eqsr.smartrecruiters.credential import Credential
from eqsr.smartrecruiters.http import HttpClient, Timeouts
from eqsr.smartrecruiters.jobs import JobCalls
from eqsr.smartrecruiters.limits import Limits
from eqsr.smartrecruiters.messages import MessageCalls
from eqsr.smartrecruiters.profile import ProfileCalls
from eqsr.smartrecruiters.sessions import new_session
from eqsr.smartrecruiters.token import TokenSource
from eqsr.smartrecruiters.token_store import TokenStore
from eqsr.smartrecruiters.transport import Transport
from eqsr.smartrecruiters.webhooks import WebhookCalls


class SmartRecruiters(
    JobCalls, CandidateCalls, ApplicationCalls, ProfileCalls, MessageCalls, WebhookCalls
):
    """The client. Every method makes one or more HTTP calls and raises SmartRecruitersError.

    Methods never wait for a rate limit; they raise Throttled instead. SmartRecruiters recommends a
    read timeout of at least 128 s (docs, rate limiting), which only bulk reading uses
    (outbox.lanes). For calls during a page request use ``with_timeouts()``.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        api_url: str,
        token_url: str,
        tokens: TokenStore,
        limits: Limits,
        connect_timeout: float = 5.0,
        read_timeout: float = 20.0,
        clock: Callable[[], datetime] = now,
        session: requests.Session | None = None,
        observer: CallObserver | None = None,
    ) -> None:
        """Make a client; this is cheap.

        ``tokens``: where access tokens are stored. ``limits``: the shared rate limits. Timeouts
        are in seconds. ``session`` (``http.new_session()``): share one between clients to keep
        connections open. ``observer``: is told which calls were answered. Raises ValueError unless
        ``api_url`` and ``token_url`` are full http(s) URLs.
        """
        api_url = api_url.rstrip("/")
        for url in (api_url, token_url):
            if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
                raise ValueError("SmartRecruiters' addresses must be full http(s) URLs")
        self._credential = Credential(client_id, client_secret, api_url, token_url)
        self._tokens = tokens
        self._limits = limits
        self._clock = clock
        timeouts = Timeouts(connect_timeout, read_timeout)
        self._use(HttpClient(session or new_session(), timeouts, observer))

    def __repr__(self) -> str:
        return f"<SmartRecruiters {self._credential.api_url}>"

    @property
    def clock_offset(self) -> int | None:
        """Seconds by which our clock was ahead of SmartRecruiters' at the latest answer, or None.

        Negative if it was behind.
        """
        return self._http.clock.offset

    def check_token(self) -> None:
        """Fetch a new token to verify Client ID and Client Secret. Raises CredentialsRefused."""
        self._source.fetch()

    def with_timeouts(self, read_timeout: float = 8.0) -> "SmartRecruiters":
        """Return a copy with a shorter read timeout (seconds), for calls during a page request."""
        other = copy(self)
        connect = min(self._http.timeouts.connect, read_timeout)
        other._use(self._http.with_timeouts(Timeouts(connect, read_timeout)))
        return other

    def _use(self, http: HttpClient) -> None:
        self._http = http
        # Clients with short timeouts may wait for this one to fetch a token, so it must be quick.
        quick = Timeouts(http.timeouts.connect, min(http.timeouts.read, Timeouts.read))
        tokens = http.with_timeouts(quick)
        self._source = TokenSource(self._credential, self._tokens, tokens, self._clock)
        self._transport = Transport(self._credential, self._source, self._limits, http)
