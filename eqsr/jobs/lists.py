"""One page of a list, in two queries however long it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select, func

from eqsr.db import db

JOBS_A_PAGE = 25
INVITATIONS_A_PAGE = 50

T = TypeVar("T")


@dataclass(frozen=True)
class Listed(Generic[T]):
    """One page of a list; ``number`` counts from 1 and is a page that exists."""

    items: Sequence[T]
    number: int
    pages: int
    total: int


def page_of(query: Select, order: tuple, number: int, size: int) -> Listed:
    """Page ``number`` of what a query finds, or the nearest that exists."""
    total = db.session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True))
    pages = max(1, -(-total // size))
    number = min(max(number, 1), pages)
    found = query.order_by(*order).limit(size).offset((number - 1) * size)
    return Listed(db.session.scalars(found).all(), number, pages, total)
