"""Making one application of two on the same job, when two profiles of one person were merged."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select, update

from eqsr.activity.models import Activity
from eqsr.candidates.models import Application
from eqsr.core.db import db
from eqsr.duplicates.models import InvitationHold
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.mail import service as mail
from eqsr.outbox.models import Work

State = InvitationState
# How far an invitation got. Of two for the same assessment the furthest is gone on with.
PROGRESS = (
    State.QUEUED,
    State.SENT,
    State.OPENED,
    State.STARTED,
    State.PARTLY_COMPLETED,
    State.COMPLETED,
)
BEFORE_START = (State.QUEUED, State.SENT, State.OPENED, State.UNDELIVERABLE)


def join(source: Application, target: Application) -> None:
    """Move the invitations and the history of ``source`` to ``target``. Joins the transaction.

    An invitation that was not started ends if another one for the same assessment got further: its
    link then leads to that one, so no link stops working and nobody is asked twice.
    """
    session = db.session()
    for invitations in _by_job([source.id, target.id]).values():
        _renumber(invitations, target)
        _continue_with_one(invitations)
    session.execute(
        update(Activity)
        .where(Activity.application_id == source.id)
        .values(application_id=target.id)
    )
    # Work about the one that goes, such as a look after its grace period.
    session.execute(update(Work).where(Work.subject_id == source.id).values(subject_id=target.id))
    target.erased_at = _erased_at(source, target)
    # Its id and its past stay with the application that is left.
    target.ats_id = target.ats_id or source.ats_id
    # Two profiles of one person are one now, so there is nothing left to decide about them.
    theirs = or_(
        InvitationHold.application_id == source.id,
        InvitationHold.other_application_id == source.id,
    )
    session.execute(delete(InvitationHold).where(theirs))
    session.delete(source)
    session.flush()


def _by_job(application_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Invitation]]:
    """Job id -> the invitations of these applications, the one that got furthest last."""
    query = (
        select(Invitation)
        .where(Invitation.application_id.in_(application_ids))
        .order_by(Invitation.queued_at, Invitation.id)
        .with_for_update(of=Invitation)
        .execution_options(populate_existing=True)
    )
    found: dict[uuid.UUID, list[Invitation]] = defaultdict(list)
    for invitation in db.session.scalars(query):
        found[invitation.job_id].append(invitation)
    for each in found.values():
        each.sort(key=_progress)
    return found


def _progress(invitation: Invitation) -> int:
    return PROGRESS.index(invitation.state) if invitation.state in PROGRESS else -1


def _renumber(invitations: Sequence[Invitation], target: Application) -> None:
    """Put them under one application. The latest attempt is the one that got furthest."""
    above = max(one.attempt for one in invitations)
    for number, invitation in enumerate(invitations, above + 1):
        invitation.application, invitation.attempt = target, number
    db.session.flush()


def _continue_with_one(invitations: Sequence[Invitation]) -> None:
    furthest: dict[str, Invitation] = {
        one.asks_for: one for one in invitations if _progress(one) >= 0 and not one.erased
    }
    for invitation in invitations:
        kept = furthest.get(invitation.asks_for)
        if kept is None or kept is invitation or invitation.state not in BEFORE_START:
            continue
        invitation.state = State.CANCELLED
        invitation.continued_by_id = kept.id
        mail.cancel_queued(invitation.id)
        # What led here leads on, so that a link also follows a second merge.
        _lead_on(invitation, kept)


def _lead_on(ended: Invitation, kept: Invitation) -> None:
    db.session.execute(
        update(Invitation)
        .where(Invitation.continued_by_id == ended.id)
        .values(continued_by_id=kept.id)
    )


def _erased_at(source: Application, target: Application) -> datetime | None:
    """When everything was erased; None while a result is left that can still be erased."""
    query = select(Invitation.id).where(Invitation.application_id == target.id)
    if db.session.scalar(query.where(Invitation.email != "").limit(1)) is not None:
        return None
    return max(filter(None, (source.erased_at, target.erased_at)), default=None)
