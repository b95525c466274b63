"""SmartRecruiters' Customer API as verbs, for one customer's credential."""

from collections.abc import Callable
from copy import copy
from datetime import datetime
from urllib.parse import urlsplit

import requests

from eqsr.core.clock import now
from eqsr.smartrecruiters.candidates import CandidateCalls
from eqsr.smartrecruiters.http import CallObserver, HttpClient, Timeouts, new_session
from eqsr.smartrecruiters.jobs import JobCalls
from eqsr.smartrecruiters.limits import Limits
from eqsr.smartrecruiters.messages import MessageCalls
from eqsr.smartrecruiters.profile import ProfileCalls
from eqsr.smartrecruiters.token import Credential, TokenSource, TokenStore
from eqsr.smartrecruiters.transport import Transport
from eqsr.smartrecruiters.webhooks import WebhookCalls


class SmartRecruiters(JobCalls, CandidateCalls, ProfileCalls, MessageCalls, WebhookCalls):
    """The client. Every verb is one or more HTTP calls and raises SmartRecruitersError.

    Calls wait for nothing but the network: at a limit they raise Throttled. SmartRecruiters
    advises a read timeout of at least 128 s (docs, rate limiting); that is for bulk reading,
    which has the time (outbox.slots). Where a person waits, use ``impatient()``. A ``witness``
    learns which calls were answered. Clients are cheap; a ``session`` (``wire.new_session()``) that
    they share keeps connections open between them.
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
        witness: CallObserver | None = None,
    ) -> None:
        """``api_url`` and ``token_url`` must be full http(s) URLs; ValueError otherwise."""
        api_url = api_url.rstrip("/")
        for url in (api_url, token_url):
            if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
                raise ValueError("SmartRecruiters' addresses must be full http(s) URLs")
        self._credential = Credential(client_id, client_secret, api_url, token_url)
        self._tokens = tokens
        self._limits = limits
        self._clock = clock
        timeouts = Timeouts(connect_timeout, read_timeout)
        self._use(HttpClient(session or new_session(), timeouts, witness))

    def __repr__(self) -> str:
        return f"<SmartRecruiters {self._credential.api_url}>"

    def check_token(self) -> None:
        """Fetch a fresh token: proves Client ID and Client Secret. Raises CredentialsRefused."""
        self._source.fetch()

    def with_timeouts(self, read_timeout: float = 8.0) -> "SmartRecruiters":
        """A copy for calls that a person waits for, which gives up sooner. Seconds."""
        other = copy(self)
        connect = min(self._wire.timeouts.connect, read_timeout)
        other._use(self._wire.with_timeouts(Timeouts(connect, read_timeout)))
        return other

    def _use(self, wire: HttpClient) -> None:
        self._wire = wire
        # Others wait for a token that is being fetched, also those who have less time.
        quick = Timeouts(wire.timeouts.connect, min(wire.timeouts.read, Timeouts.read))
        tokens = wire.with_timeouts(quick)
        self._source = TokenSource(self._credential, self._tokens, tokens, self._clock)
        self._transport = Transport(self._credential, self._source, self._limits, wire)
