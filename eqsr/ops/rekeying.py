"""Stored secrets, encrypted anew with the first of ENCRYPTION_KEYS, so that the others can go."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, Table, select, update

from eqsr.core.db import db, transaction
from eqsr.core.extensions import vault
from eqsr.core.security import DecryptionError


@dataclass(frozen=True)
class Renewed:
    """How many secrets have another key now, how many had the first one already, and how many
    none of our keys opens."""

    renewed: int
    current: int
    lost: int


def renew() -> Renewed:
    """One secret at a time, so that everybody works on; a second run finds what a first one that
    was broken off left."""
    renewed = current = lost = 0
    for table, column in encrypted_columns():
        known = list(db.session.execute(select(table.c.id, column).where(column.is_not(None))))
        db.session.rollback()
        for row_id, locked in known:
            try:
                fresh = vault.renew(locked)
            except DecryptionError:
                lost += 1
                continue
            if fresh == locked:
                current += 1
                continue
            with transaction() as session:
                # Whoever stored another secret meanwhile used the first key for it.
                same = (table.c.id == row_id) & (column == locked)
                session.execute(update(table).where(same).values({column.name: fresh}))
            renewed += 1
    return Renewed(renewed, current, lost)


def encrypted_columns() -> Iterator[tuple[Table, Column]]:
    """Where the vault's work is kept: each column that is called ``encrypted_…``."""
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if column.name.startswith("encrypted_"):
                yield table, column
