"""The column types that all tables use."""

import os
import time
import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, Enum, Uuid
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

Word = TypeVar("Word", bound=StrEnum)


class UTCDateTime(TypeDecorator[datetime]):
    """A timezone-aware datetime, stored as UTC on every database.

    Raises ValueError when a naive datetime is stored.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC before storing."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Add the time zone, which SQLite does not store."""
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value)


def new_id() -> uuid.UUID:
    """Make a UUID version 7 (RFC 9562): hard to guess, and in order of time, as indexes like."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return uuid.UUID(int=value)


def id_column() -> Mapped[uuid.UUID]:
    """A primary key column filled with ``new_id()``."""
    return mapped_column(Uuid, primary_key=True, default=new_id)


def enum_column(words: type[Word], **options: Any) -> Mapped[Word]:
    """A column that holds one value of ``words``; a check constraint refuses any other."""
    kind = Enum(
        words,
        name=words.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )
    return mapped_column(kind, nullable=False, **options)
