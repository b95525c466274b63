"""A call to SmartRecruiters' API: token, limits, one retry after 401, and errors with a meaning."""

from collections.abc import Mapping
from typing import Any

from eqsr.smartrecruiters.endpoint import Endpoint
from eqsr.smartrecruiters.errors import (
    HandshakeFailed,
    NoAccess,
    NotFound,
    RequestRefused,
    SmartRecruitersError,
    Throttled,
    Unavailable,
)
from eqsr.smartrecruiters.http import HttpClient, encodable
from eqsr.smartrecruiters.limits import Limits, retry_after
from eqsr.smartrecruiters.response import ApiResponse
from eqsr.smartrecruiters.token import Credential, TokenSource

# Codes of a 400 that mean what 404 means elsewhere: GET /messages (published OpenAPI).
_GONE = frozenset({"CANDIDATE_NOT_FOUND", "JOB_NOT_FOUND"})


class Transport:
    """Sends calls with one credential."""

    def __init__(
        self, credential: Credential, tokens: TokenSource, limits: Limits, wire: HttpClient
    ) -> None:
        self._credential = credential
        self._tokens = tokens
        self._limits = limits
        self._wire = wire

    def send(
        self,
        endpoint: Endpoint,
        ids: Mapping[str, str] | None = None,
        *,
        query: Mapping[str, Any] | None = None,
        **payload: Any,
    ) -> ApiResponse:
        """The answer to a call, which has a 2xx status.

        ``ids`` fill the endpoint's path. What is None or empty in ``query`` is left out.
        ``payload`` is what ``requests`` takes as a body: json, data, files. Raises any
        SmartRecruitersError.
        """
        url = self._credential.api_url + endpoint.filled(ids or {})
        params = {name: encodable(value) for name, value in (query or {}).items() if value}
        token = self._tokens.current()
        answer = self._attempt(endpoint, url, token, 1, params=params, **payload)
        if answer.status == 401:
            # Also sent for a job or candidate out of reach: only a fresh token can tell.
            token = self._tokens.renewed(refused=token)
            answer = self._attempt(endpoint, url, token, 2, params=params, **payload)
        if 200 <= answer.status < 300:
            if endpoint.writes and answer.body:
                answer.json()  # something else, such as a proxy's page, has not written anything
            return answer
        raise _error(endpoint, answer)

    def _attempt(
        self, endpoint: Endpoint, url: str, token: str, attempt: int, **payload: Any
    ) -> ApiResponse:
        key, name = self._credential.limits_key, str(endpoint)
        with self._limits.acquire(key, name):
            answer = self._wire.exchange(name, url, token=token, attempt=attempt, **payload)
        if answer.status == 429:
            answer.headers.setdefault("Retry-After", "1")
        self._limits.observe(key, name, answer.headers)
        return answer


def _error(endpoint: Endpoint, answer: ApiResponse) -> SmartRecruitersError:
    """What a status outside 2xx means. Source: SmartRecruiters docs, error handling."""
    status, codes = answer.status, answer.error_codes()
    facts: dict[str, Any] = {"endpoint": str(endpoint), "status": status, "codes": codes}
    if status == 429:
        return Throttled(retry_after(answer.headers) or 1.0, **facts)
    if status in (401, 403) and any(code.endswith("_LIMIT_EXCEEDED") for code in codes):
        return RequestRefused(**facts)
    lacks_scope = status in (400, 401, 403) and answer.tells_of_scope()
    # POST /messages/shares says with 400 what others say with 403 and 404 (published OpenAPI).
    beyond = status == 400 and any(code.startswith("NO_ACCESS_TO_") for code in codes)
    if status in (401, 403) or lacks_scope or beyond:
        return NoAccess(scope=endpoint.scope, lacks_scope=lacks_scope, **facts)
    if status in (404, 410) or (status == 400 and _GONE.intersection(codes)):
        return NotFound(**facts)
    if status == 424:
        return HandshakeFailed(**facts)
    if status >= 500 or status == 408:
        return Unavailable("status", outcome_unknown=endpoint.writes, **facts)
    if 400 <= status < 500:
        return RequestRefused(**facts)
    return answer.unexpected("the status is not one of SmartRecruiters' documented ones")
