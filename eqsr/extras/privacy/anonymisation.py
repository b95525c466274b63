"""Erase the name and address of candidates who have no result."""

import uuid

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Candidate
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.messages import UserError
from eqsr.extras.privacy import person_redaction, redaction
from eqsr.extras.privacy.service import UNSURE, own


def forgettable(candidate: Candidate) -> bool:
    """True if the candidate still has a name or address but no stored result."""
    return not candidate.is_anonymised and not person_redaction.has_results(candidate.id)


def forget_by(user: User, application_id: uuid.UUID, sure: bool, address: str) -> bool:
    """Erase the name and address of an application's candidate, who has no result.

    Returns False if nothing was left to erase or the candidate has been invited since. Raises
    NotFoundError for another organisation's application, and UserError unless ``sure``. Unlike
    an erased result, this does not prevent a later invitation: a candidate who is moved in
    SmartRecruiters afterwards is mirrored again.
    """
    candidate_id = own(user, application_id).candidate_id
    if not sure:
        raise UserError(UNSURE)
    with transaction():
        candidate = locked_candidate(candidate_id)
        if not forgettable(candidate):
            return False
        person_redaction.person(candidate)
        redaction.guest_links(candidate_id, now())
        for application in candidate.applications:
            activity.log(
                ActivityKind.PERSON_FORGOTTEN,
                candidate.organisation_id,
                application_id=application.id,
                user=user.display_name,
            )
        activity.audit(
            AuditAction.PERSON_FORGOTTEN, candidate.organisation_id, user.id, candidate_id, address
        )
        return True


def locked_candidate(candidate_id: uuid.UUID) -> Candidate:
    """Lock the candidate, as mirror.lock_candidate does, so that no write runs at the same time."""
    return db.session.get_one(
        Candidate, candidate_id, populate_existing=True, with_for_update={"key_share": True}
    )
