"""Finishing a part: its scores and, after the last part, the invitation."""

import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.messages import N_, UserError
from eqsr.instruments.scoring import Result
from eqsr.invitations import progress
from eqsr.norms import service as norms
from eqsr.sittings import score_store
from eqsr.sittings.current_taking import present_taking
from eqsr.sittings.models import Sitting
from eqsr.sittings.records import answers_of, instrument_of
from eqsr.sittings.standing import locked, open_sitting


class Unanswered(UserError):
    """Questions are open: finishing needs a confirmation that names their number."""

    status = 422

    def __init__(self, missing: Sequence[int]) -> None:
        super().__init__(N_("Some questions are not answered yet."))
        self.missing = missing


def finish(sitting_id: uuid.UUID, *, confirmed_missing: int = 0) -> None:
    """Score the answers and finish the part; finishing again changes nothing.

    Raises Unanswered unless ``confirmed_missing`` is the number of open questions, Closed once the
    time is over, and UserError if the part is a game.
    """
    with transaction() as session:
        sitting = locked(session, sitting_id)
        if sitting.finished_at:
            return
        sitting = open_sitting(session, sitting_id)
        instrument = instrument_of(sitting)
        if instrument.kind == "task":
            raise UserError("This part is a game. Play it to its end to finish it.")
        stored = answers_of(sitting)
        missing = [item.number for item in instrument.items if item.number not in stored]
        if len(missing) != confirmed_missing:
            raise Unanswered(missing)
        complete(session, sitting, score_store.result_of(sitting))


def complete(session: Session, sitting: Sitting, result: Result, *, by_clock: bool = False) -> None:
    """Store the scores; after the last part, complete the invitation. Joins the transaction.

    ``by_clock``: the time ended before the candidate pressed *Finish*.
    """
    sitting.finished_at = now()
    score_store.store(session, sitting, result)
    session.flush()
    found = present_taking(sitting.invitation_id)
    if all(part.finished for part in found.parts):
        progress.completed(sitting.invitation_id, by_clock=by_clock)
    log_scored(sitting)


def log_scored(sitting: Sitting) -> None:
    """Log that the sitting was scored, and against which norm. Joins the transaction."""
    norm = norms.norm_for(sitting.invitation, instrument_of(sitting))
    # Logged once per invitation, as an assessment may have several parts.
    activity.log_once(
        ActivityKind.SCORED if norm.n else ActivityKind.SCORED_WITHOUT_NORM,
        sitting.invitation.organisation_id,
        sitting.invitation.application_id,
        str(sitting.invitation_id),
        job_id=sitting.invitation.job_id,
        norm=norm.name,
    )
