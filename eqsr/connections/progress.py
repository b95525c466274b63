"""How far connecting got, step by step, in the database: so a page can show it, a killed worker's
successor can go on from it, and a superseded run notices that it is."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from flask_babel import gettext as _

from eqsr.connections import queries
from eqsr.connections.checks import missing_sentence, scope_sentence
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

# When a person should be told that nobody has begun, or that it takes long.
UNTAKEN = timedelta(seconds=10)
SLOW = timedelta(seconds=40)


@dataclass(frozen=True)
class StepOutcome:
    """How a step ended: OK, WARNING (go on) or FAILED, and a sentence where there is one to say.
    ``word`` is a scope's own outcome (smartrecruiters.scopes)."""

    state: str = OK
    sentence: str = ""
    word: str = ""


class Stopped(Exception):
    """A step failed in a way that only a person can mend."""


class Superseded(Exception):
    """Other credentials were entered meanwhile, or the run was ended: this one does not count."""


def initial_steps() -> list[dict]:
    return [{"name": name, "state": WAITING, "sentence": "", "outcome": ""} for name in STEPS]


class ConnectAttempt:
    """One try to connect."""

    def __init__(self, connection: Connection):
        self._id: uuid.UUID = connection.id
        self._number = connection.run
        self._states = {step["name"]: step["state"] for step in connection.steps}

    def settled(self, name: str) -> bool:
        """This step is over and need not be taken again."""
        return self._states[name] != WAITING

    @property
    def failed(self) -> bool:
        return FAILED in self._states.values()

    def take(self, name: str, action: Callable[[], StepOutcome]) -> None:
        """Take a step unless it is settled, and write down how it ended; raises like ``call``."""
        if not self.settled(name):
            self.mark(name, self.call(name, action))

    def call(self, name: str, action: Callable[[], T]) -> T:
        """Ask SmartRecruiters something that belongs to a step.

        Raises Stopped, Superseded, and what a later try may overcome (the step then waits, and
        says why).
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
        """Write down a step, in the transaction in hand if there is one. Raises Superseded."""
        with transaction():
            connection = queries.for_update(self._id)
            if connection.run != self._number or self._stopped(connection, name):
                raise Superseded
            put(connection, name, outcome)
        self._states[name] = outcome.state
        return connection

    def _stopped(self, connection: Connection, name: str) -> bool:
        """Somebody ended the run at this very step (see ``stop``)."""
        stored = next(step["state"] for step in connection.steps if step["name"] == name)
        return stored == FAILED and self._states[name] != FAILED


def put(connection: Connection, name: str, outcome: StepOutcome) -> None:
    """Change one step of a locked row."""
    changed = {
        "name": name,
        "state": outcome.state,
        "sentence": outcome.sentence,
        "outcome": outcome.word,
    }
    connection.steps = [changed if step["name"] == name else step for step in connection.steps]
    connection.steps_at = now()


def stop(connection: Connection, sentence: str) -> bool:
    """End a run of a locked row at the step where it stands; False when it has ended already."""
    if not running(connection):
        return False
    step = next(step for step in connection.steps if step["state"] == WAITING)
    put(connection, step["name"], StepOutcome(FAILED, sentence or step["sentence"] or OUR_MISTAKE))
    return True


def failure(connection: Connection) -> str:
    """What went wrong in the latest run and what to do, in as few words as will do; or ''. Kept
    sentences, a line each."""
    failed = [step for step in connection.steps if step["state"] == FAILED]
    scopes = [
        step["name"].removeprefix(SCOPE_STEP) for step in failed if step["outcome"] == "missing"
    ]
    others = [step["sentence"] for step in failed if step["outcome"] != "missing"]
    return "\n".join([missing_sentence(scopes), *others] if scopes else others)


def running(connection: Connection) -> bool:
    """A run has been asked for and is not over."""
    return bool(connection.steps) and not failure(connection) and not connected(connection)


def connected(connection: Connection) -> bool:
    """The latest run reached its end; reading the jobs may still go on."""
    return any(s["name"] == ACTIVATION and s["state"] == OK for s in connection.steps)


def jobs(connection: Connection) -> str:
    """What became of reading the jobs, in one sentence in the reader's language; '' while they are
    being read."""
    step = next((step for step in connection.steps if step["name"] == JOBS), None)
    return render(step["sentence"]) if step and step["state"] != WAITING else ""


@dataclass(frozen=True)
class StepRow:
    """A step as a page shows it; ``state`` may also be ``pending``: being taken just now."""

    title: str
    state: str
    text: str


@dataclass(frozen=True)
class ProgressView:
    """What a page shows of the latest run. ``over``: nothing will change any more."""

    steps: list[StepRow]
    connected: bool
    failure: str
    over: bool
    waiting_sentence: str


def progress_view(connection: Connection) -> ProgressView:
    failed = render(failure(connection))
    over = bool(failed) or not any(step["state"] == WAITING for step in connection.steps)
    return ProgressView(
        steps=_shown(connection, over),
        connected=connected(connection),
        failure=failed,
        over=over,
        waiting_sentence="" if over else _why_waiting(connection),
    )


def _shown(connection: Connection, over: bool) -> list[StepRow]:
    shown, pending_seen = [], over
    for step in connection.steps:
        state = step["state"]
        if state == WAITING and over:
            continue  # it was never tried: the sentence above the list says why
        if state == WAITING and not pending_seen:
            state, pending_seen = "pending", True
        text = scope_sentence(
            step["name"].removeprefix(SCOPE_STEP), step["outcome"], step["sentence"]
        )
        if state == "pending" and text:
            text = _("%(sentence)s We'll keep trying automatically.", sentence=text)
        if state == FAILED and step["outcome"] != "missing":
            text = ""  # it stands above the list
        shown.append(StepRow(_title(step["name"]), state, text))
    return shown


def _why_waiting(connection: Connection) -> str:
    still = now() - connection.steps_at
    untouched = all(s["state"] == WAITING and not s["sentence"] for s in connection.steps)
    if untouched and still > UNTAKEN:
        return _(
            "Still waiting for our own machinery to begin. You can leave this page open, or come "
            "back to your link later: nothing has to be entered again."
        )
    if still > SLOW:
        return _(
            "Still waiting for SmartRecruiters, longer than usual. We'll go on automatically: you "
            "can come back to your link later."
        )
    return ""


def _title(name: str) -> str:
    if name.startswith(SCOPE_STEP):
        return _("Access scope %(scope)s", scope=name.removeprefix(SCOPE_STEP))
    return {
        TOKEN: _("Client ID and Client Secret"),
        COMPANY: _("Company"),
        SUBSCRIPTION: _("Webhook subscription"),
        SIGNING: _("Signing key"),
        ACTIVATION: _("Connection in both directions"),
        JOBS: _("Jobs and hiring stages"),
    }[name]
