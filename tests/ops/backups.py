"""Backups and restores by the command line, and what a database holds."""

from pathlib import Path
from typing import Any
from zipfile import ZipFile

from flask import Flask
from sqlalchemy import JSON, Text, cast, select

from eqsr.core.columns import new_id
from eqsr.core.db import db, end_read


def rows(app: Flask) -> dict[str, list[tuple]]:
    """Every row of every table; JSON as text, so that null and NULL differ."""
    with app.app_context():
        found = {}
        for table in db.metadata.sorted_tables:
            columns = [cast(c, Text) if isinstance(c.type, JSON) else c for c in table.columns]
            query = select(*columns).order_by(*table.primary_key.columns)
            found[table.name] = [tuple(row) for row in db.session.execute(query)]
        end_read()
    for name in ("mail_pause",):  # the pause after a restore is new
        found.pop(name)
    return found


def run(app: Flask, *arguments: object) -> Any:
    return app.test_cli_runner().invoke(args=[*map(str, arguments)])


def changed(folder: Path, name: str, change: Any) -> Path:
    """A copy of the backup b.zip with one member changed, or left out where ``change`` gives None.

    ``change`` gets the member's content.
    """
    target = folder / f"changed-{new_id()}.zip"
    with (
        ZipFile(folder / "b.zip") as source,
        ZipFile(target, "w") as copy,
    ):
        for one in source.namelist():
            content = source.read(one)
            content = change(content) if one == name else content
            if content is not None:
                copy.writestr(one, content)
    return target
