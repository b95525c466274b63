"""Make a call to SmartRecruiters' API: token, limits, one retry after 401, typed errors."""

from collections.abc import Mapping
from typing import Any

from eqsr.smartrecruiters.credential import Credential
from eqsr.smartrecruiters.endpoint import Endpoint
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.base import SmartRecruitersError
from eqsr.smartrecruiters.errors.outages import Throttled, Unavailable
from eqsr.smartrecruiters.errors.refusals import HandshakeFailed, NotFound, RequestRefused
from eqsr.smartrecruiters.http import HttpClient, encodable
from eqsr.smartrecruiters.limits import Limits
from eqsr.smartrecruiters.rate_headers import retry_after
from eqsr.smartrecruiters.response import ApiResponse
from eqsr.smartrecruiters.token import TokenSource

# Codes with which GET /messages answers 400 instead of 404 (published OpenAPI).
_GONE = frozenset({"CANDIDATE_NOT_FOUND", "JOB_NOT_FOUND"})


class Transport:
    """Sends calls with one credential."""

    def __init__(
        self, credential: Credential, tokens: TokenSource, limits: Limits, http: HttpClient
    ) -> None:
        self._credential = credential
        self._tokens = tokens
        self._limits = limits
        self._http = http

    def send(
        self,
        endpoint: Endpoint,
        ids: Mapping[str, str] | None = None,
        *,
        query: Mapping[str, Any] | None = None,
        **payload: Any,
    ) -> ApiResponse:
        """Make a call and return its response, which has a 2xx status.

        ``ids``: fill the endpoint's path. ``query``: parameters; empty ones and None are left out.
        ``payload``: body arguments of ``requests``: json, data, files. Raises SmartRecruitersError.
        """
        url = self._credential.api_url + endpoint.filled(ids or {})
        params = {name: encodable(value) for name, value in (query or {}).items() if value}
        token = self._tokens.current()
        answer = self._attempt(endpoint, url, token, 1, params=params, **payload)
        if answer.status == 401:
            # 401 is also sent for a job or candidate out of reach, so try again with a new token.
            token = self._tokens.renewed(refused=token)
            answer = self._attempt(endpoint, url, token, 2, params=params, **payload)
        if 200 <= answer.status < 300:
            if endpoint.writes and answer.body:
                answer.json()  # raises for a proxy's page, after which nothing was written
            return answer
        raise _error(endpoint, answer)

    def _attempt(
        self, endpoint: Endpoint, url: str, token: str, attempt: int, **payload: Any
    ) -> ApiResponse:
        key, name = self._credential.limits_key, str(endpoint)
        with self._limits.acquire(key, name):
            answer = self._http.exchange(name, url, token=token, attempt=attempt, **payload)
        if answer.status == 429:
            answer.headers.setdefault("Retry-After", "1")
        self._limits.observe(key, name, answer.headers)
        return answer


def _error(endpoint: Endpoint, answer: ApiResponse) -> SmartRecruitersError:
    """Make the error for a status outside 2xx. Source: SmartRecruiters docs, error handling."""
    status, codes = answer.status, answer.error_codes()
    facts: dict[str, Any] = {"endpoint": str(endpoint), "status": status, "codes": codes}
    if status == 429:
        return Throttled(retry_after(answer.headers) or 1.0, **facts)
    if status in (401, 403) and any(code.endswith("_LIMIT_EXCEEDED") for code in codes):
        return RequestRefused(**facts)
    lacks_scope = status in (400, 401, 403) and answer.lacks_scope()
    # POST /messages/shares answers 400 where other calls answer 403 or 404 (published OpenAPI).
    out_of_reach = status == 400 and any(code.startswith("NO_ACCESS_TO_") for code in codes)
    if status in (401, 403) or lacks_scope or out_of_reach:
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
