"""What a page shows of an attempt to connect."""

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _

from eqsr.connections.models import Connection
from eqsr.connections.progress import (
    ACTIVATION,
    COMPANY,
    FAILED,
    JOBS,
    SCOPE_STEP,
    SIGNING,
    SUBSCRIPTION,
    TOKEN,
    WAITING,
    connected,
    failure,
)
from eqsr.connections.scope_sentences import scope_sentence
from eqsr.core.clock import now
from eqsr.core.stored_messages import render

# After these waits the page says that no worker has started yet, or that it takes long.
START_EXPECTED = timedelta(seconds=10)
LONG_WAIT = timedelta(seconds=40)


@dataclass(frozen=True)
class StepRow:
    """A step as a page shows it. The state ``pending`` marks the step being taken now."""

    title: str
    state: str
    text: str


@dataclass(frozen=True)
class ProgressView:
    """The latest run as a page shows it. ``over``: nothing will change any more."""

    steps: list[StepRow]
    connected: bool
    failure: str
    over: bool
    waiting_sentence: str


def progress_view(connection: Connection) -> ProgressView:
    """Return what a page shows of the latest run, in the reader's language."""
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
            continue  # never tried; the sentence above the list says why
        if state == WAITING and not pending_seen:
            state, pending_seen = "pending", True
        text = scope_sentence(
            step["name"].removeprefix(SCOPE_STEP), step["outcome"], step["sentence"]
        )
        if state == "pending" and text:
            text = _("%(sentence)s We'll keep trying automatically.", sentence=text)
        if state == FAILED and step["outcome"] != "missing":
            text = ""  # shown above the list
        shown.append(StepRow(_title(step["name"]), state, text))
    return shown


def _why_waiting(connection: Connection) -> str:
    if connection.steps_at is None:
        return ""
    still = now() - connection.steps_at
    untouched = all(s["state"] == WAITING and not s["sentence"] for s in connection.steps)
    if untouched and still > START_EXPECTED:
        return _(
            "Still waiting for our own machinery to begin. You can leave this page open, or come "
            "back to your link later: nothing has to be entered again."
        )
    if still > LONG_WAIT:
        return _(
            "Still waiting for SmartRecruiters, longer than usual. We'll go on automatically: you "
            "can come back to your link later."
        )
    return ""


def _title(name: str) -> str:
    if name.startswith(SCOPE_STEP):
        return _("Access scope %(scope)s", scope=name.removeprefix(SCOPE_STEP))
    titles: dict[str, str] = {
        TOKEN: _("Client ID and Client Secret"),
        COMPANY: _("Company"),
        SUBSCRIPTION: _("Webhook subscription"),
        SIGNING: _("Signing key"),
        ACTIVATION: _("Connection in both directions"),
        JOBS: _("Jobs and hiring stages"),
    }
    return titles[name]
