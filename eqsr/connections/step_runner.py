"""Take the steps of an attempt to connect.

Another worker can resume after a crash, and a superseded attempt stops."""

import logging
import uuid
from collections.abc import Callable
from typing import TypeVar

from eqsr.connections import queries
from eqsr.connections.models import Connection
from eqsr.connections.progress import FAILED, WAITING, StepOutcome, set_step
from eqsr.core.db import transaction
from eqsr.smartrecruiters.errors.base import SmartRecruitersError

log = logging.getLogger(__name__)

T = TypeVar("T")


class Stopped(Exception):
    """A step failed in a way that only a person can fix."""


class Superseded(Exception):
    """Another credential was entered meanwhile, or the run was ended: stop this attempt."""


class ConnectAttempt:
    """A worker's attempt to take the steps of a connection's latest run."""

    def __init__(self, connection: Connection) -> None:
        self._id: uuid.UUID = connection.id
        self._number = connection.run
        self._states: dict[str, str] = {step["name"]: step["state"] for step in connection.steps}

    def settled(self, name: str) -> bool:
        """Has this step ended, so that it need not be taken again?"""
        return self._states[name] != WAITING

    @property
    def failed(self) -> bool:
        """Has any step failed?"""
        return FAILED in self._states.values()

    def take(self, name: str, action: Callable[[], StepOutcome]) -> None:
        """Take a step unless it is settled, and store its outcome. Raises as ``call`` does."""
        if not self.settled(name):
            self.mark(name, self.call(name, action))

    def call(self, name: str, action: Callable[[], T]) -> T:
        """Run ``action``, which calls SmartRecruiters, as part of a step; return its result.

        A permanent error fails the step and raises Stopped. A retryable SmartRecruitersError is
        raised again; the step then waits and shows the reason. Raises Superseded.
        """
        try:
            return action()
        except SmartRecruitersError as error:
            log.warning("connecting: %s", error, extra={"connection": self._id, "step": name})
            if error.retryable:
                self.mark(name, StepOutcome(WAITING, error.sentence))
                raise
            self.mark(name, StepOutcome(FAILED, error.sentence))
            raise Stopped from error

    def mark(self, name: str, outcome: StepOutcome) -> Connection:
        """Store a step's outcome, in the current transaction if there is one. Raises Superseded."""
        with transaction():
            connection = queries.for_update(self._id)
            if connection.run != self._number or self._stopped(connection, name):
                raise Superseded
            set_step(connection, name, outcome)
        self._states[name] = outcome.state
        return connection

    def _stopped(self, connection: Connection, name: str) -> bool:
        """Did somebody end the run at this step (see ``stop``)?"""
        stored = next(step["state"] for step in connection.steps if step["name"] == name)
        return bool(stored == FAILED and self._states[name] != FAILED)
