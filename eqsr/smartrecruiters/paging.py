"""Read lists page by page. Pages have opaque ids; URLs in answers are never followed."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from eqsr.smartrecruiters.endpoint import Endpoint
from eqsr.smartrecruiters.errors.outages import UnexpectedAnswer
from eqsr.smartrecruiters.fields import text, whole_number
from eqsr.smartrecruiters.parsers import lists
from eqsr.smartrecruiters.response import ApiResponse
from eqsr.smartrecruiters.types.lists import ApiPage, T

MAX_LIMIT = 100
_MAX_PAGES = 20_000


def page_of(
    answer: ApiResponse, parse: Callable[[Any], T], *, plain: bool = False, lenient: bool = False
) -> ApiPage[T]:
    """Parse a page: ``{"content", "nextPageId", "totalFound"}``, or a ``Link`` header for the next.

    ``plain``, ``lenient``: see ``parsers.lists.content_of``. Raises UnexpectedAnswer.
    """
    document = answer.json()
    envelope = document if isinstance(document, dict) else {}
    return ApiPage(
        items=answer.read(lists.content_of(parse, plain=plain, lenient=lenient)),
        next_page_id=text(envelope, "nextPageId") or answer.next_in_link(),
        total=whole_number(envelope, "totalFound"),
    )


def walk(endpoint: Endpoint, page: Callable[[str | None], ApiPage[T]]) -> Iterator[T]:
    """Iterate over the items of all pages. Raises UnexpectedAnswer when a page id is repeated.

    ``page``: reads the page with this id; None stands for the first page.
    """
    page_id: str | None = None
    seen: set[str] = set()
    while True:
        current = page(page_id)
        yield from current.items
        page_id = current.next_page_id
        if page_id is None:
            return
        if page_id in seen or len(seen) >= _MAX_PAGES:
            raise UnexpectedAnswer("the pages do not end", endpoint=str(endpoint))
        seen.add(page_id)


def iso_millis(moment: datetime | None) -> str | None:
    """Format a date-time for SmartRecruiters: ``2026-05-13T18:09:48.173Z``.

    Rounds down to milliseconds, so that "updated after" skips nothing. Raises ValueError for a
    naive date-time.
    """
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError("a date-time for SmartRecruiters must be timezone-aware")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def clamp_limit(limit: int) -> int:
    """Limit a page size to what SmartRecruiters accepts: 1 to 100."""
    return min(max(limit, 1), MAX_LIMIT)
