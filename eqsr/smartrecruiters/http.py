"""Send one HTTP request to SmartRecruiters, read the whole answer, and log both.

``requests`` reads HTTP_PROXY, HTTPS_PROXY, NO_PROXY and REQUESTS_CA_BUNDLE from the environment,
for installations behind a proxy. When SmartRecruiters is the local sandbox, exclude loopback
addresses from the proxy (``NO_PROXY=127.0.0.1,localhost``).
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


class _ThreadSession(threading.local):
    """The session of each thread; absent until its first call."""

    session: requests.Session


_of_thread = _ThreadSession()


@dataclass(frozen=True)
class Timeouts:
    """Timeouts in seconds: ``connect`` for the connection, ``read`` for the whole answer."""

    connect: float = 5.0
    read: float = 20.0


class CallObserver(Protocol):
    """Is told after each call whether SmartRecruiters answered. Must neither raise nor wait."""

    def answered(self) -> None:
        """An answer came: any status below 500 except 408."""
        ...

    def unanswered(self, endpoint: str, reason: str) -> None:
        """No answer came; ``reason`` is that of Unavailable, or a status such as ``503``."""
        ...


def new_session() -> requests.Session:
    """Make a session that keeps connections open but stores no cookies."""
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.headers.update({"Accept": "application/json", "User-Agent": "eqsr"})
    return session


def thread_session() -> requests.Session:
    """Return this thread's session, which all clients may share.

    It holds no data of a customer: each call brings its own token, and no cookies are stored.
    """
    if not hasattr(_of_thread, "session"):
        _of_thread.session = new_session()
    return _of_thread.session


def encodable(value: Any) -> Any:
    """Make text encodable as UTF-8: lone surrogates become ``?``. Other values stay as they are."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return value


class BearerAuth(requests.auth.AuthBase):
    """Sets the Authorization header; also stops ``requests`` from reading a .netrc file."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class HttpClient:
    """Sends requests with timeouts. Follows no redirects; limits the size of answers."""

    def __init__(
        self, session: requests.Session, timeouts: Timeouts, observer: CallObserver | None = None
    ) -> None:
        self._session = session
        self._observer = observer
        self.timeouts = timeouts

    def with_timeouts(self, timeouts: Timeouts) -> "HttpClient":
        """Return a client with other timeouts that shares the session and the observer."""
        return HttpClient(self._session, timeouts, self._observer)

    def exchange(
        self, endpoint: str, url: str, *, token: str | None = None, attempt: int = 1, **payload: Any
    ) -> ApiResponse:
        """Send one request and return the whole answer, with any status.

        ``endpoint``: method and path template, such as ``GET /jobs/{job_id}``. ``attempt``: for the
        log. ``payload``: arguments of ``requests``: params, json, data, files. Raises Unavailable
        if there is no answer, UnexpectedAnswer if it is too large or can't be decoded, ValueError
        if a value can't be written as JSON.
        """
        started = time.monotonic()
        outcome, status = "not_sent", None
        try:
            answer = self._answer(endpoint, url, BearerAuth(token), started, payload)
            outcome, status = "ok", answer.status
            self._report(endpoint, str(status) if status >= 500 or status == 408 else None)
            return answer
        except (Unavailable, UnexpectedAnswer) as error:
            outcome, status = error.code, error.status
            if isinstance(error, Unavailable):
                self._report(endpoint, error.reason)
            raise
        finally:
            _log(endpoint, status, outcome, time.monotonic() - started, attempt)

    def _report(self, endpoint: str, trouble: str | None) -> None:
        if self._observer is None:
            return
        if trouble is None:
            self._observer.answered()
        else:
            self._observer.unanswered(endpoint, trouble)

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
        """Read the decoded body. The read timeout covers all of it, for servers that drip bytes."""
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
    """Return why there is no answer, and whether the request may have reached SmartRecruiters."""
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
    """WARNING for anything but a 2xx or 3xx answer; never ERROR, as some calls expect a refusal."""
    refused = status is None or status >= 400
    return logging.WARNING if refused or outcome != "ok" else logging.INFO
