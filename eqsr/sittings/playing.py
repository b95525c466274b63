"""Playing a task: what the browser gets, what it sends, and finishing.

static/games/README.md describes the browser's side.
"""

import uuid
from typing import Any

from eqsr.core.db import transaction
from eqsr.core.messages import UserError
from eqsr.instruments import tasks
from eqsr.invitations import service as invitations
from eqsr.sittings import score_store
from eqsr.sittings.current_taking import taking
from eqsr.sittings.device_facts import device_facts
from eqsr.sittings.finishing import complete
from eqsr.sittings.models import Sitting, TrialResponse
from eqsr.sittings.records import instrument_of, responses_of
from eqsr.sittings.service import start
from eqsr.sittings.standing import closed, locked, open_sitting


class NotUnderstood(UserError):
    """The browser sent something that our pages never send; nothing of it is stored."""

    status = 422


def state(sitting: Sitting) -> dict[str, Any]:
    """What the browser needs to go on; see tasks.state."""
    if sitting.seed is None:
        raise ValueError("a sitting without a seed is no task")
    found = tasks.state(
        instrument_of(sitting),
        score_store.trials_of(sitting),
        responses_of(sitting),
        sitting.seed,
        time_factor=sitting.time_factor,
    )
    finished = sitting.finished_at is not None
    return found | {"finished": finished} | ({"trials": []} if finished else {})


def receive(sitting_id: uuid.UUID, posted: Any) -> int:
    """Store the responses of a post that are new; return how many are stored now.

    Repeating a post changes nothing, and posts from two pages wait for each other. Raises
    NotUnderstood for a malformed post, and Closed once the sitting is over; then nothing is stored.
    """
    with transaction() as session:
        sitting = open_sitting(session, sitting_id)
        stored = responses_of(sitting)
        try:
            new = tasks.receive(
                instrument_of(sitting), score_store.trials_of(sitting), stored, posted
            )
        except ValueError as error:
            raise NotUnderstood("This was not understood.") from error
        session.add_all(
            TrialResponse(sitting_id=sitting_id, sequence=sequence, **response.to_dict())
            for sequence, response in enumerate(new, start=len(stored) + 1)
        )
        return len(stored) + len(new)


def finish(sitting_id: uuid.UUID, device: Any = None) -> None:
    """Score the task and finish the part; finishing again changes nothing.

    ``device``: what the browser says about itself. Raises NotUnderstood while trials are left, and
    Closed once the time is over.
    """
    with transaction() as session:
        if locked(session, sitting_id).finished_at:
            return
        sitting = open_sitting(session, sitting_id)
        trials, responses = score_store.trials_of(sitting), responses_of(sitting)
        if tasks.to_do(instrument_of(sitting), trials, responses):
            raise NotUnderstood("There is something left to play. Reload the page to go on.")
        sitting.device_facts = device_facts(device)
        complete(session, sitting, score_store.result_of(sitting))


def leave_out(invitation_id: uuid.UUID, instrument_id: str, *, device: str = "") -> None:
    """End the next part, a game that the candidate can't take, without a score.

    ``device``: as in ``start``. A part that is finished, or is not next, stays as it is. Raises
    Closed once the sitting is over, and UserError if the part is not a game.
    """
    with transaction() as session:
        # Locked, so that of two presses the second finds the part finished.
        invitations.locked(invitation_id)
        found = taking(invitation_id)
        if found is None or found.instrument.id != instrument_id or found.part.finished:
            return
        if not found.part.is_task:
            raise UserError("Questions are left open, one by one; they can't be left out.")
        if found.sitting is None:
            found = start(invitation_id, device=device)
        if found.sitting is None:
            raise closed(found.standing)
        sitting = open_sitting(session, found.sitting.id)
        sitting.left_out = True
        complete(session, sitting, score_store.result_of(sitting))
