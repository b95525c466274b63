"""A complete HTTP answer of SmartRecruiters and what can be read from it."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from requests.structures import CaseInsensitiveDict
from requests.utils import parse_header_links

from eqsr.smartrecruiters.errors import UnexpectedAnswer
from eqsr.smartrecruiters.fields import WrongShape
from eqsr.smartrecruiters.types import T

_SCOPE_ERROR = re.compile(rb"oauth_?permissions", re.IGNORECASE)
_ERROR_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")


@dataclass(frozen=True)
class ApiResponse:
    """The body may hold a secret: it stays out of repr."""

    endpoint: str
    status: int
    headers: CaseInsensitiveDict[str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """The body as JSON. Raises UnexpectedAnswer."""
        try:
            return json.loads(self.body, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise self.unexpected("the body is not JSON") from None

    def read(self, parse: Callable[[Any], T]) -> T:
        """What ``parse`` makes of the JSON body. Raises UnexpectedAnswer."""
        document = self.json()
        try:
            return parse(document)
        except WrongShape as wrong:
            raise self.unexpected(str(wrong)) from None

    def error_codes(self) -> tuple[str, ...]:
        """SmartRecruiters' codes in an error body, in any of its shapes; no free text.

        The shapes are ``{"errors": [{"code"}]}``, ``{"code"}`` and OAuth's ``{"error"}``
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

    def tells_of_scope(self) -> bool:
        """Is this the error of a token without the scope that the call needs?

        SmartRecruiters' docs (access scopes) call it ``OAuthPermissionsException`` and do not say
        where in the body the name stands, so it is looked for in all of it.
        """
        return _SCOPE_ERROR.search(self.body) is not None

    def next_in_link(self) -> str | None:
        """The id of the next page in the RFC 8288 ``Link`` header; the URL isn't followed.

        The Customer API calls it ``pageId``, the webhooks API ``page_id``.
        """
        for link in parse_header_links(self.headers.get("Link", "")):
            if link.get("rel", "").lower() == "next":
                query = parse_qs(link.get("url", "").partition("?")[2].partition("#")[0])
                values = query.get("pageId") or query.get("page_id")
                return values[0] if values else None
        return None

    def unexpected(self, problem: str) -> UnexpectedAnswer:
        writes = not self.endpoint.startswith("GET ")
        return UnexpectedAnswer(
            problem, endpoint=self.endpoint, status=self.status, outcome_unknown=writes
        )


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
