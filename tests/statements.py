"""What a request asks of the database: what takes the same time asks the same."""

from collections.abc import Callable

from flask import Flask

from eqsr.core.db import db


def statements(app: Flask, act: Callable[[], object]) -> list[str]:
    """The statements, in their order, that ``act`` sends, without their values."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    db.event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        db.event.remove(engine, "before_cursor_execute", note)
    return seen
