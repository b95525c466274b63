"""A profile that may have taken over one that is gone, where SmartRecruiters does not tell.

Nobody gets another person's result by giving their own profile that person's name and address: a
recruiter has to say first that the two are one person.
"""

import uuid

from sqlalchemy import select

from eqsr.activity import history
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.activity.kinds import ActivityKind
from eqsr.candidates import mirror
from eqsr.candidates.models import Application, Candidate, folded_name
from eqsr.connections.models import Connection
from eqsr.core.db import db, transaction
from eqsr.core.messages import UserError
from eqsr.merges import evidence, handover, service
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.types.candidates import CandidateRecord

# Before the other profile's id, in what a line in the history was written for.
CAUSE = "likely "


def look(
    connection: Connection, client: SmartRecruiters, candidate: Candidate
) -> CandidateRecord | None:
    """Return the profile that may have taken over, by its name and address on the same job.

    Raises SmartRecruitersError if SmartRecruiters can't be asked now.
    """
    gone = service.gone_profile(connection, candidate, candidate.ats_id or "")
    return evidence.likely_survivor_of(client, gone)


def ask(candidate: Candidate, found: CandidateRecord) -> None:
    """Let recruiters decide on the profile of ``candidate``, who is gone. Joins the transaction."""
    mirror.upsert_candidate(candidate.organisation_id, found)
    for application in _applications(candidate):
        organisation_id = candidate.organisation_id
        activity.log_once(
            ActivityKind.MERGE_LIKELY, organisation_id, application.id, f"{CAUSE}{found.ats_id}"
        )


def asked(candidate: Candidate) -> Candidate | None:
    """The profile about which recruiters are asked; None if there is nothing to decide (any more).

    It is the very one that was found when this one had gone. Its name and address are still those
    of the profile that is gone, and no other profile's.
    """
    if candidate.removed_at is None or candidate.address_key is None:
        return None
    asked_about = _asked_about(candidate)
    if not asked_about:
        return None
    others = db.session.scalars(
        select(Candidate)
        .where(Candidate.organisation_id == candidate.organisation_id)
        .where(Candidate.address_key == candidate.address_key, Candidate.id != candidate.id)
        .where(Candidate.removed_at.is_(None), Candidate.merged_into_id.is_(None))
        .where(Candidate.ats_id.is_not(None))
    )
    same = [one for one in others if folded_name(one.name) == folded_name(candidate.name)]
    return same[0] if len(same) == 1 and same[0].ats_id in asked_about else None


def decide(
    candidate_id: uuid.UUID, other_id: str, user_id: uuid.UUID, user: str, address: str
) -> Candidate:
    """Hand everything over to the other profile, as a user decided; return it.

    ``other_id``: that profile's id, as the user saw it. ``address``: the network address from which
    they act. Pressed twice, it happens once. Raises UserError if there is nothing to decide any
    more.
    """
    with transaction() as session:
        gone = session.get_one(
            Candidate, candidate_id, populate_existing=True, with_for_update={"key_share": True}
        )
        if gone.merged_into_id is not None:
            return session.get_one(Candidate, gone.merged_into_id)
        left = asked(gone)
        if left is None or str(left.id) != other_id:
            raise UserError("There is nothing to decide any more. Reload the page.")
        handover.merge(gone, left, user)
        action = AuditAction.MERGED_BY_HAND
        activity.audit(action, left.organisation_id, user_id, left.id, address)
        return left


def _asked_about(candidate: Candidate) -> set[str]:
    """SmartRecruiters' ids of the profiles about which recruiters were asked."""
    lines = [
        line
        for one in _applications(candidate)
        for line in history.of_kind(one.id, ActivityKind.MERGE_LIKELY)
    ]
    return {str(line.facts["cause"]).removeprefix(CAUSE) for line in lines}


def _applications(candidate: Candidate) -> list[Application]:
    query = select(Application).where(Application.candidate_id == candidate.id)
    return list(db.session.scalars(query.order_by(Application.created_at)))
