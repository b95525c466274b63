"""Lists in SmartRecruiters' two shapes: an object with ``nextPageId``, or a plain array."""

import base64
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Response, jsonify, request

from .clock import parse_iso
from .errors import ApiError

DEFAULT_LIMIT = 10
MAX_LIMIT = 100


def read_limit() -> int:
    """Return ``limit`` (1 to 100, 10 by default); raise 400 if it is invalid."""
    text = request.args.get("limit", str(DEFAULT_LIMIT))
    if not text.isdigit() or not 1 <= int(text) <= MAX_LIMIT:
        raise ApiError(400, "INVALID_LIMIT", f"limit must be between 1 and {MAX_LIMIT}.")
    return int(text)


def read_offset() -> int:
    """Return ``offset`` (0 by default); raise 400 if it is invalid."""
    text = request.args.get("offset", "0")
    if not text.isdigit():
        raise ApiError(400, "INVALID_OFFSET", "offset must be a number from 0.")
    return int(text)


def read_moment(name: str) -> float | None:
    """Return a date-time parameter in seconds since 1970, or None; raise 400 if it is invalid."""
    text = request.args.get(name)
    if not text:
        return None
    try:
        return parse_iso(text)
    except ValueError:
        message = f"{name} must be an ISO 8601 date-time."
        raise ApiError(400, "INVALID_DATE", message) from None


def next_page_id(last_id: str) -> str:
    """Return the opaque id of the page after the element ``last_id``."""
    return base64.urlsafe_b64encode(f"after:{last_id}".encode()).decode()


def last_id_of(page_id: str) -> str:
    """Return the last element before a page id; raise 400 INVALID_PAGE_ID."""
    try:
        text = base64.urlsafe_b64decode(page_id.encode()).decode()
    except ValueError:
        text = ""
    if not text.startswith("after:"):
        raise ApiError(400, "INVALID_PAGE_ID", "This pageId is not valid.")
    return text.removeprefix("after:")


def list_object(
    found: Sequence[Any],
    key: Callable[[Any], str],
    shape: Callable[[Any], dict[str, Any]],
) -> Response:
    """Return the page of ``found`` (sorted by ``key``) that ``pageId`` asks for.

    A page id names an element, not a position, so elements that are added or removed between two
    pages neither repeat nor hide others.
    """
    limit, offset = read_limit(), read_offset()
    page_id = request.args.get("pageId")
    rest: Sequence[Any] = found[offset:]
    if page_id:
        last = last_id_of(page_id)
        rest = [item for item in found if key(item) > last]
    page = rest[:limit]
    body: dict[str, Any] = {"limit": limit, "offset": offset, "totalFound": len(found)}
    links = {}
    if len(rest) > limit:
        body["nextPageId"] = next_page_id(key(page[-1]))
        links = _link_header("pageId", body["nextPageId"])
    body["content"] = [shape(item) for item in page]
    response = jsonify(body)
    response.headers.update(links)
    return response


def plain_array(
    found: Sequence[Any],
    key: Callable[[Any], str],
    shape: Callable[[Any], dict[str, Any]],
    parameter: str = "page_id",
) -> Response:
    """Return one page of ``found`` as an array, in its order; ``parameter`` names the page id."""
    limit = read_limit()
    page_id = request.args.get(parameter)
    rest = list(found)
    if page_id:
        last = last_id_of(page_id)
        keys = [key(item) for item in rest]
        if last not in keys:
            raise ApiError(400, "INVALID_PAGE_ID", f"This {parameter} is not valid.")
        rest = rest[keys.index(last) + 1 :]
    response = jsonify([shape(item) for item in rest[:limit]])
    if len(rest) > limit:
        response.headers.update(_link_header(parameter, next_page_id(key(rest[limit - 1]))))
    return response


def _link_header(name: str, page_id: str) -> dict[str, str]:
    query = [(key, value) for key, value in request.args.items(multi=True) if key != name]
    target = f"{request.path}?{urlencode([*query, (name, page_id)])}"
    return {"Link": f'<{target}>; rel="next"'}
