"""A sitting: starting, answering and finishing it. What is special to tasks is in playing."""

import secrets
import uuid
from collections.abc import Mapping, Sequence

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
from eqsr.sittings.standing import Closed, Standing, closed, locked, open_sitting
from eqsr.sittings.taking import Taking, present_taking, taking

__all__ = ["Closed", "Unanswered", "answer", "choose_language", "complete", "finish", "start"]

# A day. A longer time means that the clock was changed or the page slept, so it is not stored.
MAX_RESPONSE_MS = 86_400_000

TIME_FACTORS = (1, 1.25, 1.5, 2)
"""Factors for extra time, which any candidate may choose before the start."""


class Unanswered(UserError):
    """Questions are open: finishing needs a confirmation that names their number."""

    status = 422

    def __init__(self, missing: Sequence[int]) -> None:
        super().__init__(N_("Some questions are not answered yet."))
        self.missing = missing


def choose_language(invitation_id: uuid.UUID, language: str) -> None:
    """Set the language of the candidate's pages. A part that was started stays in its language."""
    with transaction() as session:
        session.get_one(Invitation, invitation_id).language = language


def start(
    invitation_id: uuid.UUID,
    *,
    device: str = "",
    time_factor: float | None = None,
    seed: int | None = None,
) -> Taking:
    """Start the next part, or return the one under way: starting twice makes one sitting.

    ``device``: the browser's User-Agent. ``time_factor``: one of TIME_FACTORS; None means that of
    the part before. ``seed``: for the trials of a task; random by default. Raises Closed if the
    invitation can no longer be taken, and UserError for an unknown factor.
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
            sitting = Sitting(
                invitation_id=invitation_id,
                instrument=found.instrument.id,
                instrument_version=found.instrument.version,
                language=found.instrument.language,
                device=device[:300],
                time_factor=found.time_factor if time_factor is None else time_factor,
            )
            if found.instrument.kind == "task":
                _add_trials(sitting, found.instrument, seed)
            session.add(sitting)
            session.flush()
            invitations.started(invitation_id)
            return present_taking(invitation_id)
        if found.standing in (Standing.EXPIRED, Standing.CANCELLED):
            raise closed(found.standing)
        return found


def answer(sitting_id: uuid.UUID, given: Mapping[int, scoring.ItemResponse]) -> int:
    """Store answers (item number -> answer); a new answer to an item replaces the old one.

    Answers from two devices wait for each other, so the last one counts and none is lost. Returns
    how many items are answered now. Raises UserError for an item or a value that the instrument
    does not have, and Closed once the sitting is over; then nothing is stored.
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


def complete(session: Session, sitting: Sitting, result: Result) -> None:
    """Store the scores; after the last part, complete the invitation. Joins the transaction."""
    sitting.finished_at = now()
    score_store.store(session, sitting, result)
    session.flush()
    found = present_taking(sitting.invitation_id)
    if all(part.finished for part in found.parts):
        invitations.completed(sitting.invitation_id)
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


def _add_trials(sitting: Sitting, instrument: Instrument, seed: int | None) -> None:
    """Give a task's sitting its seed, random unless given, and the trials made from it."""
    # Practice is made from the next number; both fit a signed 64-bit column.
    sitting.seed = secrets.randbits(62) if seed is None else seed
    trials = tasks.generate(instrument, sitting.seed, time_factor=sitting.time_factor)
    sitting.trials = [trial.to_dict() for trial in trials]


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
    known = response_ms is not None and 0 <= response_ms <= MAX_RESPONSE_MS
    return response_ms if known else None
