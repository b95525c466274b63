"""After the storm: everything works again, and the remaining work gets done.

Only waiting is skipped, never work: failed work is due at once instead of after its backoff, the
lease of a killed worker expires at once (while no worker runs), SmartRecruiters' clock jumps to
its next redelivery, and the scheduled checks and sweeps are started directly.
"""

import time
from datetime import timedelta

from sqlalchemy import func, select, update

from eqsr.connections import service as connections
from eqsr.connections.models import ConnectionState
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.mail.models import MailPause
from eqsr.outbox.models import Work, WorkState
from eqsr.reconciling import service as reconciling
from tools.chaos.customers import Customer
from tools.chaos.installation import Installation
from tools.chaos.trouble import Trouble

# Waits that are not skipped: for the next slot under a limit, and a sweep's wait for earlier
# events. If they were due at once, they would be claimed and put back all the time.
SHORT = timedelta(seconds=6)

OPEN = (WorkState.DUE, WorkState.RUNNING, WorkState.WAITING)


class DidNotSettle(Exception):
    """Some work remains; str() says which."""


class Settling:
    def __init__(
        self, here: Installation, customers: list[Customer], trouble: Trouble, seconds: float
    ) -> None:
        self._here, self._customers, self._trouble = here, customers, trouble
        self._deadline = time.monotonic() + seconds

    def run(self) -> None:
        """Return when no work remains. Raises DidNotSettle."""
        self._lapse_leases()
        self.until_idle()
        self._check_connections()
        self._sweep()

    def _lapse_leases(self) -> None:
        workers = [name for name in self._here.parts if name.startswith("worker")]
        for name in workers:
            self._here.stop(name)
        with self._here.app.app_context():
            with transaction() as session:
                session.execute(
                    update(Work)
                    .where(Work.state == WorkState.RUNNING)
                    .values(lease_until=now() - timedelta(seconds=1))
                )
            db.session.remove()
        for name in workers:
            self._here.start(name)

    def _check_connections(self) -> None:
        while True:
            with self._here.app.app_context():
                for customer in self._customers:
                    connections.request_check(customer.connection_id)
                db.session.remove()
            self.until_idle()
            if all(self._state(customer) is ConnectionState.ACTIVE for customer in self._customers):
                return

    def _sweep(self) -> None:
        with self._here.app.app_context():
            for customer in self._customers:
                reconciling.begin(customer.connection_id, thorough=True)
            db.session.remove()
        self.until_idle()

    def _state(self, customer: Customer) -> ConnectionState:
        with self._here.app.app_context():
            state = connections.get(customer.connection_id).state
            db.session.remove()
            return state

    def until_idle(self) -> None:
        while True:
            left, pending = self._left(), self._here.box.get("deliveries/summary")["pending"]
            if not left and not pending:
                return
            if time.monotonic() > self._deadline:
                raise DidNotSettle(f"{pending} deliveries and this work are left: {left}")
            if pending:
                self._trouble.a_minute()
            self._hurry()
            time.sleep(0.2)

    def _left(self) -> dict[str, int]:
        query = (
            select(Work.kind, Work.state, func.count())
            .where(Work.state.in_(OPEN))
            .group_by(Work.kind, Work.state)
        )
        with self._here.app.app_context():
            rows = db.session.execute(query).all()
            db.session.remove()
        return {f"{kind} {state.value}": number for kind, state, number in rows}

    def _hurry(self) -> None:
        with self._here.app.app_context():
            with transaction() as session:
                session.execute(
                    update(Work)
                    .where(Work.state == WorkState.DUE, Work.due_at > now() + SHORT)
                    .values(due_at=now())
                )
                session.execute(update(MailPause).values(probe_at=now()))
            db.session.remove()
