"""Parse a list: a JSON object with ``content``, or a plain array."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from eqsr.smartrecruiters.fields import WrongShape, items, mapping
from eqsr.smartrecruiters.types.lists import T


def content_of(
    parse: Callable[[Any], T], *, plain: bool = False, lenient: bool = False
) -> Callable[[Any], tuple[T, ...]]:
    """Return a parser of lists, ``{"content": [...]}``, whose entries ``parse`` parses.

    ``plain``: also accept a plain array, as ``GET /messages`` and the webhooks API send.
    ``lenient``: skip entries that can't be parsed instead of raising WrongShape.
    ``content`` is optional in the published OpenAPI, but we require it unless ``totalFound`` is 0,
    because an empty document is no list.
    """

    def read(document: Any) -> tuple[T, ...]:
        found = document if plain and isinstance(document, list) else _listed(document)
        return tuple(_readable(parse, found) if lenient else map(parse, found))

    return read


def _listed(document: Any) -> list[Any]:
    document = mapping(document)
    if "content" not in document and document.get("totalFound") != 0:
        raise WrongShape("content is missing")
    return items(document, "content")


def _readable(parse: Callable[[Any], T], found: list[Any]) -> Iterator[T]:
    for item in found:
        with suppress(WrongShape):
            yield parse(item)
