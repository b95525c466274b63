"""One HTTP exchange with SmartRecruiters: sent, read to the end, logged. No meaning attached yet.

``requests`` reads HTTP_PROXY, HTTPS_PROXY, NO_PROXY and REQUESTS_CA_BUNDLE from the environment;
we leave it so, for installations behind a proxy. A proxy must be told to spare loopback
addresses (``NO_PROXY=127.0.0.1,localhost``) when SmartRecruiters is the local sandbox.
"""

import logging
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Protocol

import requests
import urllib3

from eqsr.smartrecruiters.errors import Unavailable, UnexpectedAnswer
from eqsr.smartrecruiters.response import ApiResponse

MAX_ANSWER_BYTES = 8 * 1024 * 1024
"""A full page of 100 jobs with every field is below 1 MB."""

_CHUNK = 64 * 1024

logger = logging.getLogger("eqsr.smartrecruiters")


class _Kept(threading.local):
    """What this thread has; nothing at first."""

    session: requests.Session


_kept = _Kept()


@dataclass(frozen=True)
class Timeouts:
    """Seconds: ``connect`` to open the connection, ``read`` to get the whole answer."""

    connect: float = 5.0
    read: float = 20.0


class CallObserver(Protocol):
    """Learns of each exchange whether SmartRecruiters answered. Must not raise and never waits."""

    def answered(self) -> None:
        """An answer came, whatever it said: its status is below 500 and not 408."""
        ...

    def unanswered(self, endpoint: str, reason: str) -> None:
        """None came. ``reason`` is that of Unavailable, or the status, such as ``503``."""
        ...


def new_session() -> requests.Session:
    """A session that keeps connections, and no cookie from one call for another."""
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.headers.update({"Accept": "application/json", "User-Agent": "eqsr"})
    return session


def thread_session() -> requests.Session:
    """This thread's session, kept from one client to the next. Nothing of a customer stays in it:
    tokens go with each call, and cookies are not kept."""
    if not hasattr(_kept, "session"):
        _kept.session = new_session()
    return _kept.session


def encodable(value: Any) -> Any:
    """Text that can be percent-encoded: a lone surrogate, which no UTF-8 has, becomes ``?``."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return value


class BearerAuth(requests.auth.AuthBase):
    """The Authorization header; being explicit also keeps ``requests`` from using a .netrc."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class HttpClient:
    """Sends requests within the timeouts. Redirects aren't followed; answers are size-capped."""

    def __init__(
        self, session: requests.Session, timeouts: Timeouts, witness: CallObserver | None = None
    ) -> None:
        self._session = session
        self._witness = witness
        self.timeouts = timeouts

    def with_timeouts(self, timeouts: Timeouts) -> "HttpClient":
        """The same connections with other timeouts."""
        return HttpClient(self._session, timeouts, self._witness)

    def exchange(
        self, endpoint: str, url: str, *, token: str | None = None, attempt: int = 1, **payload: Any
    ) -> ApiResponse:
        """One request and its whole answer, whatever its status.

        ``payload`` is what ``requests`` takes: params, json, data, files. Raises Unavailable
        when there is no answer, UnexpectedAnswer when it is too large or can't be decoded.
        """
        started = time.monotonic()
        outcome, status = "not_sent", None
        try:
            answer = self._answer(endpoint, url, BearerAuth(token), started, payload)
            outcome, status = "ok", answer.status
            self._tell(endpoint, str(status) if status >= 500 or status == 408 else None)
            return answer
        except (Unavailable, UnexpectedAnswer) as error:
            outcome, status = error.code, error.status
            if isinstance(error, Unavailable):
                self._tell(endpoint, error.reason)
            raise
        finally:
            _log(endpoint, status, outcome, time.monotonic() - started, attempt)

    def _tell(self, endpoint: str, trouble: str | None) -> None:
        if self._witness is None:
            return
        if trouble is None:
            self._witness.answered()
        else:
            self._witness.unanswered(endpoint, trouble)

    def _answer(
        self,
        endpoint: str,
        url: str,
        auth: BearerAuth,
        started: float,
        payload: Mapping[str, Any],
    ) -> ApiResponse:
        method = endpoint.split(" ", 1)[0]
        writes = method != "GET"
        try:
            with closing(
                self._session.request(
                    method,
                    url,
                    auth=auth,
                    timeout=(self.timeouts.connect, self.timeouts.read),
                    allow_redirects=False,
                    stream=True,
                    **payload,
                )
            ) as response:
                body = self._body(endpoint, response, started)
                return ApiResponse(endpoint, response.status_code, response.headers, body)
        except requests.exceptions.InvalidJSONError:
            raise ValueError("a value in the call has no JSON form") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            reason, sent = _why(error)
        if reason == "encoding":
            raise UnexpectedAnswer(
                "the body can't be decoded", endpoint=endpoint, outcome_unknown=writes
            )
        raise Unavailable(reason, endpoint=endpoint, outcome_unknown=writes and sent)

    def _body(self, endpoint: str, response: requests.Response, started: float) -> bytes:
        """The decoded body. A server that drips bytes is cut off when the time is up."""
        writes = not endpoint.startswith("GET ")
        deadline = started + self.timeouts.connect + self.timeouts.read
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > MAX_ANSWER_BYTES:
                raise UnexpectedAnswer(
                    "the body is too large",
                    endpoint=endpoint,
                    status=response.status_code,
                    outcome_unknown=writes,
                )
            if time.monotonic() > deadline:
                raise Unavailable("timeout", endpoint=endpoint, outcome_unknown=writes)
        return bytes(body)


def _why(error: Exception) -> tuple[str, bool]:
    """Why there is no answer, and whether the request may have reached SmartRecruiters."""
    if isinstance(error, requests.exceptions.SSLError | urllib3.exceptions.SSLError):
        return "tls", False
    if isinstance(error, requests.ConnectTimeout):
        return "timeout", False
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return "timeout", True
    if isinstance(error, urllib3.exceptions.DecodeError):
        return "encoding", True
    if isinstance(error, urllib3.exceptions.HTTPError):
        return "cut", True
    cause = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(cause, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ProxyError):
        return "no_connection", False
    if isinstance(error, requests.ConnectionError):
        return "cut", True
    return "no_connection", False


def _log(endpoint: str, status: int | None, outcome: str, seconds: float, attempt: int) -> None:
    logger.log(
        _level(status, outcome),
        "%s: %s",
        endpoint,
        status or outcome,
        extra={"outcome": outcome, "ms": round(seconds * 1000), "attempt": attempt},
    )


def _level(status: int | None, outcome: str) -> int:
    """A refusal is for the caller to judge: the check of a scope expects some."""
    refused = status is None or status >= 400
    return logging.WARNING if refused or outcome != "ok" else logging.INFO
