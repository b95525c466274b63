"""A page of a list, whatever its items are."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class ApiPage(Generic[T]):
    """One page of a list; ``next_page_id`` is None on the last one."""

    items: tuple[T, ...]
    next_page_id: str | None
    total: int | None
