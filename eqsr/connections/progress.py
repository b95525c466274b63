"""The steps of an attempt to connect, stored in the database.

So a page can show them, another worker can resume after a crash, and a superseded attempt stops.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from eqsr.connections import queries
from eqsr.connections.checks import missing_sentence
from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.messages import OUR_MISTAKE
from eqsr.core.stored_messages import render
from eqsr.smartrecruiters.errors import SmartRecruitersError
from eqsr.smartrecruiters.scopes import SCOPES

log = logging.getLogger(__name__)

T = TypeVar("T")

WAITING, OK, WARNING, FAILED = "waiting", "ok", "warning", "failed"

TOKEN, COMPANY = "token", "company"
SUBSCRIPTION, SIGNING, ACTIVATION, JOBS = "subscription", "signing", "activation", "jobs"
SCOPE_STEP = "scope:"

STEPS = (
    TOKEN,
    COMPANY,
    *(f"{SCOPE_STEP}{scope.value}" for scope in SCOPES),
    SUBSCRIPTION,
    SIGNING,
    ACTIVATION,
    JOBS,
)


@dataclass(frozen=True)
class StepOutcome:
    """How a step ended.

    ``state``: OK, WARNING (go on), FAILED, or WAITING (to be retried). ``sentence``: for people, or
    ''. ``word``: a scope's outcome (smartrecruiters.scopes), or ''.
    """

    state: str = OK
    sentence: str = ""
    word: str = ""


class Stopped(Exception):
    """A step failed in a way that only a person can fix."""


class Superseded(Exception):
    """Another credential was entered meanwhile, or the run was ended: stop this attempt."""


def initial_steps() -> list[dict[str, Any]]:
    """Return all steps, waiting to be taken."""
    return [{"name": name, "state": WAITING, "sentence": "", "outcome": ""} for name in STEPS]


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


def set_step(connection: Connection, name: str, outcome: StepOutcome) -> None:
    """Store the outcome of one step of a locked connection."""
    changed = {
        "name": name,
        "state": outcome.state,
        "sentence": outcome.sentence,
        "outcome": outcome.word,
    }
    connection.steps = [changed if step["name"] == name else step for step in connection.steps]
    connection.steps_at = now()


def stop(connection: Connection, sentence: str) -> bool:
    """End the run of a locked connection at its current step; False if it has ended already.

    ``sentence`` says why; if '', the step's own sentence stays.
    """
    if not running(connection):
        return False
    step = next(step for step in connection.steps if step["state"] == WAITING)
    set_step(
        connection, step["name"], StepOutcome(FAILED, sentence or step["sentence"] or OUR_MISTAKE)
    )
    return True


def failure(connection: Connection) -> str:
    """Return what failed in the latest run and what to do: stored sentences, one per line, or ''.

    All missing scopes share one sentence.
    """
    failed = [step for step in connection.steps if step["state"] == FAILED]
    scopes = [
        step["name"].removeprefix(SCOPE_STEP) for step in failed if step["outcome"] == "missing"
    ]
    others: list[str] = [step["sentence"] for step in failed if step["outcome"] != "missing"]
    return "\n".join([missing_sentence(scopes), *others] if scopes else others)


def running(connection: Connection) -> bool:
    """Is a run requested and not ended?"""
    return bool(connection.steps) and not failure(connection) and not connected(connection)


def connected(connection: Connection) -> bool:
    """Did the latest run succeed? Reading the jobs may still go on."""
    return any(s["name"] == ACTIVATION and s["state"] == OK for s in connection.steps)


def jobs(connection: Connection) -> str:
    """Return the outcome of reading the jobs, in the reader's language; '' while it goes on."""
    step = next((step for step in connection.steps if step["name"] == JOBS), None)
    return render(step["sentence"]) if step and step["state"] != WAITING else ""
