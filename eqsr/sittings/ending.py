"""Ending an assessment whose time is over though the candidate did not finish it.

What is complete is handed in and scored as if *Finish* had been pressed. Of an incomplete
questionnaire the scales with enough answers are scored; an incomplete game has no score.
"""

import uuid
from datetime import timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.instruments import tasks
from eqsr.invitations import progress
from eqsr.invitations import service as invitations
from eqsr.invitations.models import TIME_TO_FINISH, Invitation, InvitationState
from eqsr.mail import service as mail
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Work, WorkState
from eqsr.outbox.service import enqueue
from eqsr.outbox.status import UNFINISHED
from eqsr.sittings import finishing, score_store
from eqsr.sittings.current_taking import present_taking
from eqsr.sittings.models import Sitting
from eqsr.sittings.parts import SittingPart
from eqsr.sittings.records import answered_counts, answers_of, responses_of

State = InvitationState
ENDED_PER_RUN = 500
# After a longer time, as when an upgrade finds what nothing had ended before, an email about it
# would only puzzle.
TOLD_WITHIN = timedelta(days=3)


def request_due() -> int:
    """Enqueue ending up to 500 invitations that were started and whose time is over.

    Returns how many. What failed for good stays dead work, which people see and can retry.
    """
    asked = exists().where(
        Work.kind == WorkKind.END_BY_CLOCK,
        Work.subject_id == Invitation.id,
        Work.state.in_((*UNFINISHED, WorkState.DEAD)),
    )
    with transaction():
        due = db.session.scalars(
            select(Invitation.id)
            .where(Invitation.state == State.STARTED)
            .where(Invitation.expires_at <= now() - TIME_TO_FINISH, ~asked)
            .order_by(Invitation.expires_at)
            .limit(ENDED_PER_RUN)
        ).all()
        for invitation_id in due:
            enqueue(WorkKind.END_BY_CLOCK, invitation_id, once=True)
        return len(due)


def end(invitation_id: uuid.UUID) -> None:
    """End the assessment; nothing happens if it ended already, or was given more time."""
    with transaction() as session:
        # Sittings before the invitation, as finishing locks them: two never wait for each other.
        session.scalars(
            select(Sitting)
            .where(Sitting.invitation_id == invitation_id)
            .order_by(Sitting.id)
            .with_for_update(of=Sitting)
            .execution_options(populate_existing=True)
        ).all()
        invitation = invitations.locked(invitation_id)
        if invitation.state is not State.STARTED or now() < invitation.expires_at + TIME_TO_FINISH:
            return
        parts = present_taking(invitation_id).parts
        for part in parts:
            if part.sitting is not None and part.underway:
                _end_part(session, part, part.sitting)
        if all(part.finished for part in parts):
            progress.completed(invitation_id, by_clock=True)  # the last part may have done so
        elif _something_given(parts):
            progress.partly_completed(invitation)
        else:
            progress.nothing_given(invitation)
        _tell(invitation)


def _end_part(session: Session, part: SittingPart, sitting: Sitting) -> None:
    if _complete(part, sitting):
        result = score_store.result_of(sitting)
        finishing.complete(session, sitting, result, by_clock=True)
    elif not part.is_task:
        result = score_store.partial_result_of(sitting)
        if result.scales:
            score_store.store(session, sitting, result)
            finishing.log_scored(sitting)


def _complete(part: SittingPart, sitting: Sitting) -> bool:
    """Whether nothing of the part is left to do but pressing *Finish*."""
    if part.is_task:
        trials, responses = score_store.trials_of(sitting), responses_of(sitting)
        return not tasks.to_do(part.instrument, trials, responses)
    return {item.number for item in part.instrument.items} <= answers_of(sitting).keys()


def _something_given(parts: tuple[SittingPart, ...]) -> bool:
    ids = [part.sitting.id for part in parts if part.sitting is not None]
    return any(part.finished for part in parts) or any(answered_counts(ids).values())


def _tell(invitation: Invitation) -> None:
    """Queue the email to the candidate, unless it would come too late, or reach nobody."""
    over_for = now() - invitation.expires_at - TIME_TO_FINISH
    here = invitation.application.candidate.removed_at is None
    if invitation.result_at is not None and here and over_for < TOLD_WITHIN:
        mail.queue(WorkKind.ENDED_MAIL, invitation.id, invitation.organisation_id, invitation.email)
