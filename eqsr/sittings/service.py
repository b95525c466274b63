"""The sitting: from the link to the scores. What is special about tasks is in playing.py."""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.messages import N_, UserError
from eqsr.instruments import scoring, tasks
from eqsr.instruments.catalogue import Instrument
from eqsr.instruments.scoring import Result
from eqsr.invitations import service as invitations
from eqsr.invitations.models import Invitation
from eqsr.norms import service as norms
from eqsr.sittings import score_store
from eqsr.sittings.models import Answer, Sitting
from eqsr.sittings.records import answers_of, instrument_of
from eqsr.sittings.taking import Closed, Standing, Taking, closed, locked, open_sitting, taking

__all__ = ["Closed", "Unanswered", "answer", "choose_language", "complete", "finish", "start"]

# A day. Longer means that the clock was changed or the page slept; then the time says nothing.
LONGEST_RESPONSE_MS = 86_400_000

TIME_FACTORS = (1, 1.25, 1.5, 2)
"""Extra time that a person may have for the asking (facts on adjustments: before the start)."""


class Unanswered(UserError):
    """Finishing needs a confirmation that names as many open questions as there are."""

    status = 422

    def __init__(self, missing: Sequence[int]):
        super().__init__(N_("Some questions are not answered yet."))
        self.missing = missing


def choose_language(invitation_id: uuid.UUID, language: str) -> None:
    """What the candidate reads from now on. A part that was started stays in its language."""
    with transaction() as session:
        session.get_one(Invitation, invitation_id).language = language


def start(
    invitation_id: uuid.UUID,
    *,
    device: str = "",
    time_factor: float | None = None,
    seed: int | None = None,
) -> Taking:
    """Begin the next part, or go on where the person stopped: starting twice makes one sitting.

    ``time_factor`` is one of TIME_FACTORS; None is what it was in the part before. ``seed`` is for
    the trials of a task, by chance unless given. Raises Closed when the invitation can no longer
    be taken, and UserError for a factor that there is not.
    """
    if time_factor is not None and time_factor not in TIME_FACTORS:
        raise UserError("Choose how much time you need from the list.")
    with transaction() as session:
        session.execute(
            select(Invitation.id).where(Invitation.id == invitation_id).with_for_update()
        )
        found = taking(invitation_id)
        if found is None:
            raise Closed("This link does not lead to an invitation.")
        if found.standing == Standing.READY:
            factor = found.time_factor if time_factor is None else time_factor
            session.add(
                Sitting(
                    invitation_id=invitation_id,
                    instrument=found.instrument.id,
                    instrument_version=found.instrument.version,
                    language=found.instrument.language,
                    device=device[:300],
                    time_factor=factor,
                    **_made(found.instrument, seed, factor),
                )
            )
            session.flush()
            invitations.started(invitation_id)
            return taking(invitation_id)
        if found.standing in (Standing.EXPIRED, Standing.CANCELLED):
            raise closed(found.standing)
        return found


def answer(sitting_id: uuid.UUID, given: Mapping[int, scoring.ItemResponse]) -> int:
    """Keep answers (item number -> answer) as they come; an answer given again replaces the old.

    Answers from two devices queue on the sitting's row, so the last one given stands and none is
    lost. Returns how many items are answered now. Raises UserError for an item or a value that
    the instrument does not have, and Closed once the sitting is over; then nothing is kept.
    """
    with transaction() as session:
        sitting = open_sitting(session, sitting_id)
        _check(instrument_of(sitting), given)
        stored = answers_of(sitting)
        for item, new in given.items():
            old = stored.get(item)
            if old is None:
                session.add(_row(sitting_id, item, new))
            elif old.value != new.value:
                old.value = new.value
                old.response_ms = _plausible(new.response_ms)
                old.answered_at = now()
        return len(stored.keys() | given.keys())


def finish(sitting_id: uuid.UUID, *, confirmed_missing: int = 0) -> None:
    """Score the answers and complete the invitation, in one transaction and once.

    Finishing again changes nothing. Raises Unanswered unless ``confirmed_missing`` is the number
    of open questions, and Closed when the time is over.
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


def complete(session: Session, sitting: Sitting, result: Result) -> None:
    """Keep the scores; after the last part the invitation is completed. Joins the transaction."""
    sitting.finished_at = now()
    score_store.keep(session, sitting, result)
    session.flush()
    found = taking(sitting.invitation_id)
    if all(part.finished for part in found.parts):
        invitations.completed(sitting.invitation_id)
    norm = norms.norm_for(sitting.invitation, instrument_of(sitting))
    # Seven games without a norm are one line.
    activity.log_once(
        ActivityKind.SCORED if norm.n else ActivityKind.SCORED_WITHOUT_NORM,
        sitting.invitation.organisation_id,
        sitting.invitation.application_id,
        str(sitting.invitation_id),
        job_id=sitting.invitation.job_id,
        norm=norm.name,
    )


def _made(instrument: Instrument, seed: int | None, time_factor: float) -> dict[str, Any]:
    """What a task is made of: a seed, and the trials that follow from it."""
    if instrument.kind != "task":
        return {}
    # Practice is made from the next number; both fit a signed 64-bit column.
    seed = secrets.randbits(62) if seed is None else seed
    trials = tasks.generate(instrument, seed, time_factor=time_factor)
    return {"seed": seed, "trials": [trial.to_dict() for trial in trials]}


def _check(instrument: Instrument, given: Mapping[int, scoring.ItemResponse]) -> None:
    items = {item.number for item in instrument.items}
    values = {option.value for option in instrument.options}
    if not given.keys() <= items or not {new.value for new in given.values()} <= values:
        raise UserError(
            "That answer does not belong to this questionnaire. Reload the page and try again."
        )


def _row(sitting_id: uuid.UUID, item: int, new: scoring.ItemResponse) -> Answer:
    return Answer(
        sitting_id=sitting_id,
        item=item,
        value=new.value,
        response_ms=_plausible(new.response_ms),
    )


def _plausible(response_ms: int | None) -> int | None:
    known = response_ms is not None and 0 <= response_ms <= LONGEST_RESPONSE_MS
    return response_ms if known else None
