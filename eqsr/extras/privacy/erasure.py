"""Erase one application's result, in one transaction (GDPR article 17).

Kept are the invitation's state and times, so that counts stay right and nobody is invited twice;
the activity log without addresses and texts; and SmartRecruiters' ids. The candidate's name and
email address are erased with their last result.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Application
from eqsr.candidates.queries import lock_candidate
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.extras.feedback.models import CandidateRequest
from eqsr.extras.privacy import person_redaction, redaction
from eqsr.invitations import service as invitations
from eqsr.invitations.models import Invitation
from eqsr.mail import service as mails
from eqsr.outbox.kinds import WorkKind
from eqsr.sittings.models import Sitting


def erase(application_id: uuid.UUID, user: User | None = None, address: str = "") -> bool:
    """Erase an application's result in one transaction; ``user`` is None for retention.

    Returns False if it is already erased. The outbox clears the SmartRecruiters profile with the
    work that also writes to it (results.service.write), so a running write ends first. Candidates
    who wait for an answer are told by email; that email has its own copy of the address
    (emails.py).
    """
    with transaction() as session:
        application = lock_candidate(application_id)
        if application is None or application.erased_at is not None:
            return False
        found = _locked_invitations(application_id)
        ids = [one.id for one in found]
        user_id, moment = user.id if user else None, now()
        waiting = _addresses_with_open_requests(found)
        redaction.sittings(ids)
        redaction.requests(ids, user_id)
        redaction.emails(application_id, ids)
        redaction.sign_ups(ids)
        redaction.guest_links(application.candidate_id, moment)
        redaction.write_backs(ids)
        redaction.invitations(found, user_id)
        person_redaction.history(application_id)
        application.erased_at = moment
        session.flush()
        person_redaction.person(application.candidate)
        _record(application, user, address)
        for invitation in found:
            invitations.request_write_back(invitation)
        for invitation_id, email in waiting.items():
            mails.queue(WorkKind.ERASURE_MAIL, invitation_id, application.organisation_id, email)
        for other in _with_the_same_result(found):
            erase(other, user, address)
        return True


def _with_the_same_result(found: Sequence[Invitation]) -> list[uuid.UUID]:
    """Ids of other applications that show a result of these ones, or whose result these show."""
    ids = [one.id for one in found]
    origins = [one.result_of_id for one in found if one.result_of_id]
    same = or_(
        Invitation.id.in_(origins),
        Invitation.result_of_id.in_([*ids, *origins]),
    )
    others = select(Invitation.application_id).where(same, Invitation.id.not_in(ids)).distinct()
    return list(db.session.scalars(others.order_by(Invitation.application_id)))


def _locked_invitations(application_id: uuid.UUID) -> list[Invitation]:
    """Lock sittings, then invitations, in the order that finishing a sitting uses (no deadlock)."""
    session = db.session()
    theirs = select(Invitation.id).where(Invitation.application_id == application_id)
    locking = select(Sitting.id).where(Sitting.invitation_id.in_(theirs))
    session.execute(locking.order_by(Sitting.id).with_for_update())
    return [invitations.locked(one) for one in session.scalars(theirs.order_by(Invitation.id))]


def _addresses_with_open_requests(found: Sequence[Invitation]) -> dict[uuid.UUID, str]:
    """Invitation id -> email address, for invitations with an unanswered request."""
    waiting = db.session.scalars(
        select(CandidateRequest.invitation_id)
        .where(CandidateRequest.invitation_id.in_([one.id for one in found]))
        .where(CandidateRequest.answered_at.is_(None))
    )
    open_ones = set(waiting)
    return {one.id: one.email for one in found if one.id in open_ones}


def _record(application: Application, user: User | None, address: str) -> None:
    organisation_id = application.organisation_id
    facts: dict[str, Any] = {"user": user.display_name} if user else {}
    user_id = user.id if user else None
    kind = ActivityKind.RESULT_ERASED if user else ActivityKind.RESULT_ERASED_IN_TIME
    activity.log(kind, organisation_id, application_id=application.id, **facts)
    activity.audit(AuditAction.RESULT_ERASED, organisation_id, user_id, application.id, address)
