"""The steps of an attempt to connect, stored in the database so that a page can show them."""

from dataclasses import dataclass
from typing import Any

from eqsr.connections.models import Connection
from eqsr.connections.scope_sentences import missing_sentence
from eqsr.core.clock import now
from eqsr.core.messages import OUR_MISTAKE
from eqsr.core.stored_messages import render
from eqsr.smartrecruiters.scopes import SCOPES

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
    ''. ``word``: a scope's outcome (smartrecruiters.scope_checks), or ''.
    """

    state: str = OK
    sentence: str = ""
    word: str = ""


def initial_steps() -> list[dict[str, Any]]:
    """Return all steps, waiting to be taken."""
    return [{"name": name, "state": WAITING, "sentence": "", "outcome": ""} for name in STEPS]


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
