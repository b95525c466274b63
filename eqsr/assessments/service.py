"""The sitting: from the link to the scores."""

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqsr.assessments import catalogue, scored, scoring
from eqsr.assessments.catalogue import Instrument
from eqsr.assessments.models import Answer, Sitting
from eqsr.assessments.records import answers_of, instrument_of, sittings_of
from eqsr.assessments.taking import TIME_TO_FINISH, Standing, Taking, standing_of, taking
from eqsr.clock import now
from eqsr.db import transaction
from eqsr.invitations import service as invitations
from eqsr.invitations.models import Invitation
from eqsr.ledger import service as ledger
from eqsr.norms import service as norms
from eqsr.plain import PlainError

# A day. Longer means that the clock was changed or the page slept; then the time says nothing.
LONGEST_RESPONSE_MS = 86_400_000


class Closed(PlainError):
    """The sitting takes no more answers."""

    status = 410


class Unanswered(PlainError):
    """Finishing needs a confirmation that names as many open questions as there are."""

    status = 422

    def __init__(self, missing: Sequence[int]):
        super().__init__("Some questions are not answered yet.")
        self.missing = missing


def start(invitation_id: uuid.UUID, *, device: str = "", language: str = "en") -> Taking:
    """Begin, or go on where the person stopped: starting twice makes one sitting.

    Raises Closed when the invitation can no longer be taken.
    """
    with transaction() as session:
        session.execute(
            select(Invitation.id).where(Invitation.id == invitation_id).with_for_update()
        )
        found = taking(invitation_id, language)
        if found is None:
            raise Closed("This link does not lead to an invitation.")
        if found.standing == Standing.READY:
            session.add(
                Sitting(
                    invitation_id=invitation_id,
                    instrument=found.instrument.id,
                    instrument_version=found.instrument.version,
                    language=found.instrument.language,
                    device=device[:300],
                )
            )
            session.flush()
            invitations.started(invitation_id)
            return taking(invitation_id, language)
        if found.standing in (Standing.EXPIRED, Standing.CANCELLED):
            raise Closed(_closed_sentence(found.standing))
        return found


def answer(sitting_id: uuid.UUID, given: Mapping[int, scoring.Answer]) -> int:
    """Keep answers (item number -> answer) as they come; an answer given again replaces the old.

    Answers from two devices queue on the sitting's row, so the last one given stands and none is
    lost. Returns how many items are answered now. Raises PlainError for an item or a value that
    the instrument does not have, and Closed once the sitting is over; then nothing is kept.
    """
    with transaction() as session:
        sitting = _open_sitting(session, sitting_id)
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
        sitting = _locked(session, sitting_id)
        if sitting.finished_at:
            return
        sitting = _open_sitting(session, sitting_id)
        instrument = instrument_of(sitting)
        stored = answers_of(sitting)
        missing = [item.number for item in instrument.items if item.number not in stored]
        if len(missing) != confirmed_missing:
            raise Unanswered(missing)
        sitting.finished_at = now()
        result = scored.result_of(sitting)
        scored.keep(session, sitting, result)
        session.flush()
        if _all_finished(sitting.invitation):
            invitations.completed(sitting.invitation_id)
        ledger.note(
            "scored",
            sitting.invitation.organisation_id,
            application_id=sitting.invitation.application_id,
            job_id=sitting.invitation.job_id,
            norm=norms.norm_for(sitting.invitation, instrument).name,
        )


def _closed_sentence(standing: Standing) -> str:
    return {
        Standing.FINISHED: "You have finished already, so answers can't be changed any more.",
        Standing.EXPIRED: "The time for this questionnaire is over. Ask the person who invited "
        "you for more time.",
        Standing.CANCELLED: "This invitation was withdrawn. Ask the person who invited you "
        "if you think that is a mistake.",
    }[standing]


def _locked(session: Session, sitting_id: uuid.UUID) -> Sitting:
    return session.scalars(
        select(Sitting)
        .where(Sitting.id == sitting_id)
        .with_for_update(of=Sitting)
        .execution_options(populate_existing=True)
    ).one()


def _open_sitting(session: Session, sitting_id: uuid.UUID) -> Sitting:
    """The sitting, its row locked until the transaction ends. Raises Closed once it is over."""
    sitting = _locked(session, sitting_id)
    closes_at = sitting.invitation.expires_at + TIME_TO_FINISH
    finished = sitting.finished_at is not None
    standing = standing_of(sitting.invitation, sitting, closes_at, done=finished)
    if standing != Standing.UNDERWAY:
        raise Closed(_closed_sentence(standing))
    return sitting


def _check(instrument: Instrument, given: Mapping[int, scoring.Answer]) -> None:
    items = {item.number for item in instrument.items}
    values = {option.value for option in instrument.options}
    if not given.keys() <= items or not {new.value for new in given.values()} <= values:
        raise PlainError(
            "That answer does not belong to this questionnaire. Reload the page and try again."
        )


def _row(sitting_id: uuid.UUID, item: int, new: scoring.Answer) -> Answer:
    return Answer(
        sitting_id=sitting_id,
        item=item,
        value=new.value,
        response_ms=_plausible(new.response_ms),
    )


def _plausible(response_ms: int | None) -> int | None:
    known = response_ms is not None and 0 <= response_ms <= LONGEST_RESPONSE_MS
    return response_ms if known else None


def _all_finished(invitation: Invitation) -> bool:
    finished = {s.instrument for s in sittings_of([invitation.id]) if s.finished_at}
    return finished >= set(catalogue.assessment(invitation.asks_for).instruments)
