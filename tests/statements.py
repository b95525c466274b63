"""Records a request's database statements: equal statements mean equal response time."""

from collections.abc import Callable

from flask import Flask

from eqsr.core.db import db


def statements(app: Flask, act: Callable[[], object]) -> list[str]:
    """Return the statements that ``act`` sends, in order and without their values."""
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
