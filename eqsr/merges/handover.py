"""Handing over what we know of one profile to another one. All functions join the transaction.

What is left of a merged profile is its row without name and address, so that an older *View
details* link leads to the profile that took over. A merge can't be undone, as SmartRecruiters
can't undo it either.
"""

import uuid
from collections.abc import Callable, Sequence

from sqlalchemy import select, update

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Application, Candidate
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.merges import joining, reopening
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue

# What other rooms keep about a candidate: called with the ids of the old and the new row.
CandidateMover = Callable[[uuid.UUID, uuid.UUID], None]
_movers: list[CandidateMover] = []


def moved_by(mover: CandidateMover) -> None:
    """Register a function that moves what a room keeps about a candidate; it joins the merge."""
    if mover not in _movers:
        _movers.append(mover)


def merge(source: Candidate, target: Candidate, user: str = "") -> None:
    """Hand over all applications of ``source``, whose profile is gone, and mark it as merged.

    ``user``: the name of who decided that the two are one person, where SmartRecruiters does not
    tell.
    """
    hand_over(source, target, _applications_of(source), user)
    _mark_as_merged(source, target)


def hand_over(
    source: Candidate, target: Candidate, applications: Sequence[Application], user: str = ""
) -> None:
    """Hand over these applications; ``source`` counts as merged once it has none left.

    ``user`` as in merge.
    """
    _lock(source.id, target.id)
    for application in applications:
        # First, so that of two open invitations for one assessment one is gone on with.
        reopening.reopen(application.id)
        kept = _put_under(application, target)
        kind = ActivityKind.MERGED_BY_HAND if user else ActivityKind.PROFILES_MERGED
        organisation_id, cause = target.organisation_id, f"merged {source.id}"
        activity.log_once(kind, organisation_id, kept.id, cause, user=user)
        _bring_up_to_date(kept)
    if not _applications_of(source):
        _mark_as_merged(source, target)


def _lock(*candidate_ids: uuid.UUID) -> None:
    """Lock the rows in one order, so that two merges never wait for each other."""
    query = select(Candidate.id).where(Candidate.id.in_(candidate_ids)).order_by(Candidate.id)
    db.session.execute(query.with_for_update(key_share=True))


def _applications_of(candidate: Candidate) -> list[Application]:
    query = select(Application).where(Application.candidate_id == candidate.id)
    return list(db.session.scalars(query.order_by(Application.created_at)))


def _put_under(application: Application, target: Candidate) -> Application:
    """Put the application under ``target``; return the row that holds its invitations now."""
    session = db.session()
    same = select(Application).where(Application.candidate_id == target.id)
    if application.ats_job_id is not None:
        same = same.where(Application.ats_job_id == application.ats_job_id)
    else:
        same = same.where(Application.link_job_id == application.link_job_id)
    existing = session.scalar(same)
    if existing is None:
        application.candidate = target
        session.flush()
        return application
    joining.join(application, existing)
    return existing


def _mark_as_merged(source: Candidate, target: Candidate) -> None:
    """Empty the merged profile's row and let it, and what led to it, lead to ``target``."""
    session = db.session()
    for mover in _movers:
        mover(source.id, target.id)
    source.first_name = source.last_name = ""
    source.email = source.phone = source.country = source.removed_at = None
    source.merged_into_id, source.merged_at = target.id, now()
    target.merged_into_id = target.merged_at = None
    session.flush()
    session.execute(
        update(Candidate)
        .where(Candidate.merged_into_id == source.id)
        .values(merged_into_id=target.id)
    )


def _bring_up_to_date(application: Application) -> None:
    """Write what the profile in SmartRecruiters should show to the one that is left."""
    if application.ats_job is None:
        return
    for invitation_id in reopening.written_about(application.id):
        enqueue(
            WorkKind.WRITE_BACK,
            invitation_id,
            connection_id=application.ats_job.connection_id,
            once=True,
        )
