"""Runs the worker's work inside the test: no process, no waiting."""

import uuid
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import and_, or_, select, update

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.mail.models import MailPause
from eqsr.outbox import runner, schedule
from eqsr.outbox.models import Work as Row
from eqsr.outbox.models import WorkState
from tests.services.processes import eventually


class Work:
    """``work()`` does everything that is due, including work that becomes due meanwhile."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(self, *kinds: str, rounds: int = 50) -> int:
        """Do due rows (of these kinds only, if given) until none is left; return their number."""
        ended: dict[uuid.UUID, datetime] = {}
        with self._app.app_context():
            for done in range(rounds * 20):
                row = self._next(kinds, ended)
                if row is None:
                    return done
                runner.perform(str(row))
                ended[row] = now()
        raise AssertionError("the work never ends")

    def settle(self, seconds: float = 30) -> None:
        """Do everything, and wait for rows that a limit has put back for a moment."""
        assert eventually(lambda: not self() and not self._soon(), seconds), self.rows()

    def hurry(self) -> int:
        """Make waiting and failed rows due now, and let mails probe the mail server."""
        with self._app.app_context(), transaction() as session:
            session.execute(update(MailPause).values(probe_at=now()))
            return session.execute(
                update(Row).where(Row.state == WorkState.DUE).values(due_at=now())
            ).rowcount

    def lapse_leases(self) -> None:
        """Let the leases of running rows expire, as if their worker had died."""
        with self._app.app_context(), transaction() as session:
            session.execute(
                update(Row)
                .where(Row.state == WorkState.RUNNING)
                .values(lease_until=now() - timedelta(seconds=1))
            )

    def rows(self, kind: str | None = None) -> list[Row]:
        """Return all rows, oldest first."""
        with self._app.app_context():
            query = select(Row).order_by(Row.created_at, Row.id)
            rows = db.session.scalars(query.where(Row.kind == kind) if kind else query).all()
            db.session.remove()
            return list(rows)

    def by_clock(self) -> None:
        """Run every scheduled entry now."""
        with self._app.app_context():
            for entry in schedule.entries():
                entry.run()
            db.session.remove()

    def _soon(self) -> bool:
        """Whether a row is due within the next seconds."""
        with self._app.app_context():
            soon = now() + timedelta(seconds=3)
            query = select(Row.id).where(Row.state == WorkState.DUE, Row.due_at < soon)
            found = db.session.scalar(query.limit(1))
            db.session.remove()
            return found is not None

    def _next(self, kinds: tuple[str, ...], ended: dict[uuid.UUID, datetime]) -> uuid.UUID | None:
        """Return the first due row.

        A row put back during a call waits until the next call, however slow the machine is.
        ``ended``: when each row was done in this call.
        """
        due = and_(Row.state == WorkState.DUE, Row.due_at <= now())
        lapsed = and_(Row.state == WorkState.RUNNING, Row.lease_until < now())
        query = select(Row.id, Row.due_at).where(or_(due, lapsed))
        if kinds:
            query = query.where(Row.kind.in_(kinds))
        query = query.order_by(Row.due_at, Row.id).limit(len(ended) + 1)
        found = db.session.execute(query).all()
        db.session.remove()
        ready = (one.id for one in found if one.id not in ended or one.due_at <= ended[one.id])
        return next(ready, None)
