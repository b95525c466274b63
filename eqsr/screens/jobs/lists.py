"""One page of a list of any length in three queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select, func, select

from eqsr.core.db import db

JOBS_A_PAGE = 25
INVITATIONS_A_PAGE = 50

T = TypeVar("T")


@dataclass(frozen=True)
class ListPage(Generic[T]):
    """One page of a list; ``number`` counts from 1 and is a page that exists."""

    items: Sequence[T]
    number: int
    pages: int
    total: int


def page_of(query: Select, order: tuple, number: int, size: int) -> ListPage:
    """Page ``number`` of what a query finds, or the nearest that exists."""
    counted = query.with_only_columns(func.count(), maintain_column_froms=True)
    total = db.session.scalars(counted).one()
    pages = max(1, -(-total // size))
    number = min(max(number, 1), pages)
    # Only ids are put in order: whole rows, with all that is joined to them, would take longer.
    model = query.column_descriptions[0]["entity"]
    ordered = query.with_only_columns(model.id, maintain_column_froms=True).order_by(*order)
    ids = db.session.scalars(ordered.limit(size).offset((number - 1) * size)).all()
    found = {one.id: one for one in db.session.scalars(select(model).where(model.id.in_(ids)))}
    return ListPage([found[one] for one in ids if one in found], number, pages, total)
