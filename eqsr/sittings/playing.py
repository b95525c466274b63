"""Playing a task: what the browser is told, what it sends, and the end.

The browser's side of it is described in static/games/README.md.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from eqsr.core.db import transaction
from eqsr.core.messages import UserError
from eqsr.instruments import tasks
from eqsr.invitations import service as invitations
from eqsr.sittings import score_store
from eqsr.sittings.models import Sitting, TrialResponse
from eqsr.sittings.records import instrument_of, responses_of
from eqsr.sittings.service import complete, start
from eqsr.sittings.taking import locked, open_sitting, taking

DEVICE = ("pixel_ratio", "refresh_hz", "width", "height")
POINTERS = ("coarse", "fine")


class NotUnderstood(UserError):
    """A post that no page of ours sends; nothing of it is kept."""

    status = 422


def state(sitting: Sitting) -> dict[str, Any]:
    """What the browser needs to go on; see tasks.state."""
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
    """Keep the responses of a post that are new; how many there are now.

    Sending the same again changes nothing, and posts from two pages queue on the sitting's row.
    Raises NotUnderstood, and Closed once the sitting is over; then nothing is kept.
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
    """Score what was played, once; finishing again changes nothing.

    Raises NotUnderstood while there is something left to play, and Closed when the time is over.
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


def leave_out(invitation_id: uuid.UUID, instrument_id: str, **facts: Any) -> None:
    """The person can't take the game that is next: it ends without a score.

    ``facts`` are those of ``start``. A part that is over already, or is not next, stays as it is.
    Raises Closed, and UserError for what is no game.
    """
    with transaction() as session:
        invitations.locked(invitation_id)  # pressed twice, the second finds it over
        found = taking(invitation_id)
        if found is None or found.instrument.id != instrument_id or found.part.finished:
            return
        if not found.part.is_task:
            raise UserError("Questions are left open, one by one; they can't be left out.")
        if found.sitting is None:
            found = start(invitation_id, **facts)
        sitting = open_sitting(session, found.sitting.id)
        sitting.left_out = True
        complete(session, sitting, score_store.result_of(sitting))


def device_facts(posted: Any) -> dict[str, Any]:
    """What is known and makes sense of what a browser says about itself; the rest is dropped."""
    if not isinstance(posted, Mapping):
        return {}
    facts: dict[str, Any] = {
        name: posted[name]
        for name in DEVICE
        if isinstance(posted.get(name), (int, float)) and 0 < posted[name] < 100_000
    }
    if posted.get("pointer") in POINTERS:
        facts["pointer"] = posted["pointer"]
    if isinstance(posted.get("reduced_motion"), bool):
        facts["reduced_motion"] = posted["reduced_motion"]
    return facts
