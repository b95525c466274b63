"""Send one HTTP request to SmartRecruiters, read the whole answer, and log both.

``requests`` reads HTTP_PROXY, HTTPS_PROXY, NO_PROXY and REQUESTS_CA_BUNDLE from the environment,
for installations behind a proxy. When SmartRecruiters is the local sandbox, exclude loopback
addresses from the proxy (``NO_PROXY=127.0.0.1,localhost``).
"""

import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import requests
import urllib3

from eqsr.core.clock import now
from eqsr.smartrecruiters.call_log import log_call
from eqsr.smartrecruiters.call_observer import CallObserver
from eqsr.smartrecruiters.errors.outages import Unavailable, UnexpectedAnswer
from eqsr.smartrecruiters.no_answer import why_unanswered
from eqsr.smartrecruiters.response import ApiResponse
from eqsr.smartrecruiters.server_clock import ServerClock
from eqsr.smartrecruiters.sessions import BearerAuth

MAX_ANSWER_BYTES = 8 * 1024 * 1024
"""A full page of 100 jobs with every field is below 1 MB."""

_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Timeouts:
    """Timeouts in seconds: ``connect`` for the connection, ``read`` for the whole answer."""

    connect: float = 5.0
    read: float = 20.0


def encodable(value: Any) -> Any:
    """Make text encodable as UTF-8: lone surrogates become ``?``. Other values stay as they are."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return value


class HttpClient:
    """Sends requests with timeouts. Follows no redirects; limits the size of answers."""

    def __init__(
        self,
        session: requests.Session,
        timeouts: Timeouts,
        observer: CallObserver | None = None,
        clock: ServerClock | None = None,
    ) -> None:
        self._session = session
        self._observer = observer
        self.timeouts = timeouts
        self.clock = clock or ServerClock()

    def with_timeouts(self, timeouts: Timeouts) -> "HttpClient":
        """Return a client with other timeouts; session, observer and clock are shared."""
        return HttpClient(self._session, timeouts, self._observer, self.clock)

    def exchange(
        self, endpoint: str, url: str, *, token: str | None = None, attempt: int = 1, **payload: Any
    ) -> ApiResponse:
        """Send one request and return the whole answer, with any status.

        ``endpoint``: method and path template, such as ``GET /jobs/{job_id}``. ``attempt``: for the
        log. ``payload``: arguments of ``requests``: params, json, data, files. Raises Unavailable
        if there is no answer, UnexpectedAnswer if it is too large or can't be decoded, ValueError
        if a value can't be written as JSON.
        """
        started, sent_at = time.monotonic(), now()
        outcome, status = "not_sent", None
        try:
            answer = self._answer(endpoint, url, BearerAuth(token), started, payload)
            self.clock.note(answer.headers.get("Date"), sent_at, now())
            outcome, status = "ok", answer.status
            self._report(endpoint, str(status) if status >= 500 or status == 408 else None)
            return answer
        except (Unavailable, UnexpectedAnswer) as error:
            outcome, status = error.code, error.status
            if isinstance(error, Unavailable):
                self._report(endpoint, error.reason)
            raise
        finally:
            log_call(endpoint, status, outcome, time.monotonic() - started, attempt)

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
            reason, sent = why_unanswered(error)
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
