"""A complete HTTP response of SmartRecruiters, and how to read it."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from requests.structures import CaseInsensitiveDict
from requests.utils import parse_header_links

from eqsr.smartrecruiters.errors.outages import UnexpectedAnswer
from eqsr.smartrecruiters.fields import WrongShape
from eqsr.smartrecruiters.types.lists import T

_SCOPE_ERROR = re.compile(rb"oauth_?permissions", re.IGNORECASE)
_ERROR_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")


@dataclass(frozen=True)
class ApiResponse:
    """A complete response. Its body may contain a secret, so repr() leaves it out."""

    endpoint: str
    status: int
    headers: CaseInsensitiveDict[str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """Parse the body as JSON. Raises UnexpectedAnswer."""
        try:
            return json.loads(self.body, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise self.unexpected("the body is not JSON") from None

    def read(self, parse: Callable[[Any], T]) -> T:
        """Parse the JSON body with ``parse``. Raises UnexpectedAnswer if that raises WrongShape."""
        document = self.json()
        try:
            return parse(document)
        except WrongShape as wrong:
            raise self.unexpected(str(wrong)) from None

    def error_codes(self) -> tuple[str, ...]:
        """Read at most ten error codes from the body; never free text.

        The body is ``{"errors": [{"code"}]}``, ``{"code"}`` or OAuth's ``{"error"}``
        (SmartRecruiters docs, error handling).
        """
        try:
            document = json.loads(self.body)
        except (ValueError, RecursionError):
            return ()
        if not isinstance(document, dict):
            return ()
        listed = document.get("errors")
        listed = listed if isinstance(listed, list) else []
        found = [error.get("code") for error in listed if isinstance(error, dict)]
        found += [document.get("code"), document.get("error")]
        codes = [code for code in found if isinstance(code, str) and _ERROR_CODE.fullmatch(code)]
        return tuple(dict.fromkeys(codes))[:10]

    def lacks_scope(self) -> bool:
        """True if the error says that the token lacks the scope for this call.

        SmartRecruiters' docs (access scopes) call this error ``OAuthPermissionsException`` but do
        not say where the name stands, so we search the whole body.
        """
        return _SCOPE_ERROR.search(self.body) is not None

    def next_in_link(self) -> str | None:
        """Read the next page's id from the ``Link`` header (RFC 8288); None on the last page.

        The Customer API calls the parameter ``pageId``, the webhooks API ``page_id``.
        """
        for link in parse_header_links(self.headers.get("Link", "")):
            if link.get("rel", "").lower() == "next":
                query = parse_qs(link.get("url", "").partition("?")[2].partition("#")[0])
                values = query.get("pageId") or query.get("page_id")
                return values[0] if values else None
        return None

    def unexpected(self, problem: str) -> UnexpectedAnswer:
        """Make the error to raise for this response; ``problem`` must not quote the body."""
        writes = not self.endpoint.startswith("GET ")
        return UnexpectedAnswer(
            problem, endpoint=self.endpoint, status=self.status, outcome_unknown=writes
        )


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
