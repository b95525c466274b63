"""Every row of the database, to compare before and after."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from eqsr.core.db import Base, db

Rows = dict[str, dict[str, dict[str, Any]]]


def all_rows(app: Flask) -> Rows:
    """Return {table: {primary key: {column: value as text}}}."""
    with app.app_context():
        found = {
            table.name: {
                repr([row[column.name] for column in table.primary_key]): {
                    column.name: repr(row[column.name]) for column in table.columns
                }
                for row in db.session.execute(select(table)).mappings()
            }
            for table in Base.metadata.sorted_tables
        }
        db.session.remove()
    return found


def changed(before: Rows, after: Rows) -> set[str]:
    """Name what differs: ``table.column`` of rows that changed, ``+table`` and ``-table``."""
    found: set[str] = set()
    for table, rows in after.items():
        earlier = before[table]
        found |= {f"+{table}" for key in rows if key not in earlier}
        found |= {f"-{table}" for key in earlier if key not in rows}
        for key in rows.keys() & earlier.keys():
            columns = rows[key].items()
            found |= {f"{table}.{name}" for name, value in columns if earlier[key][name] != value}
    return found
