"""Encrypt all stored secrets with the first of ENCRYPTION_KEYS, so that the others can go."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table, select, update

from eqsr.core.db import db, transaction
from eqsr.core.encryption import DecryptionError
from eqsr.core.extensions import vault


@dataclass(frozen=True)
class Renewed:
    """Numbers of secrets.

    ``renewed``: encrypted with the first key now. ``current``: had been already. ``lost``: none of
    our keys decrypts them.
    """

    renewed: int
    current: int
    lost: int


def renew() -> Renewed:
    """Encrypt every secret with the first key, one transaction each, so that others can work on.

    Safe to repeat after an interruption.
    """
    renewed = current = lost = 0
    for table, column in encrypted_columns():
        rows = list(db.session.execute(select(table.c.id, column).where(column.is_not(None))))
        db.session.rollback()
        for row_id, encrypted in rows:
            try:
                fresh = vault.renew(encrypted)
            except DecryptionError:
                lost += 1
                continue
            if fresh == encrypted:
                current += 1
                continue
            with transaction() as session:
                # A secret that changed meanwhile was encrypted with the first key, so leave it.
                unchanged = (table.c.id == row_id) & (column == encrypted)
                session.execute(update(table).where(unchanged).values({column.name: fresh}))
            renewed += 1
    return Renewed(renewed, current, lost)


def encrypted_columns() -> Iterator[tuple[Table, Column[Any]]]:
    """All columns with encrypted secrets: those whose name begins with ``encrypted_``."""
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if column.name.startswith("encrypted_"):
                yield table, column
