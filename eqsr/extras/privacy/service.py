"""Erase everything about the assessment of one application (GDPR article 17).

Kept are the invitation's state and times, so that counts stay right and nobody is invited twice;
the activity log without addresses and texts; and SmartRecruiters' ids. The candidate's name and
email address are erased with their last result.
"""

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from eqsr.accounts.models import Organisation, User
from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.activity.models import Activity
from eqsr.candidates.mirror import lock_candidate
from eqsr.candidates.models import Application, Candidate
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.messages import N_, NotFoundError, UserError
from eqsr.extras.feedback.models import CandidateRequest
from eqsr.extras.privacy import redaction, retention
from eqsr.invitations import service as invitations
from eqsr.invitations.models import Invitation
from eqsr.mail import service as mails
from eqsr.outbox.kinds import WorkKind
from eqsr.sittings.models import Sitting

log = logging.getLogger(__name__)

UNSURE = N_("Tick that you want it deleted for good.")

# Results per organisation that one scheduled run erases; the next run continues.
ERASURE_BATCH = 200


class WouldDelete(UserError):
    """The new retention would delete ``number`` results by the end of tomorrow."""

    status = 422

    def __init__(self, number: int):
        super().__init__(N_("Tick that these results may be deleted."))
        self.number = number


@dataclass(frozen=True)
class Erasure:
    """When an application's result was erased, and by which user; ``by`` is empty for retention."""

    at: datetime
    by: str


def own(user: User, application_id: uuid.UUID) -> Application:
    """The organisation's application. Raises NotFoundError."""
    found = db.session.get(Application, application_id, populate_existing=True)
    if found is None or found.organisation_id != user.organisation_id:
        raise NotFoundError
    return found


def invitations_of(application_id: uuid.UUID) -> list[Invitation]:
    """Its invitations, latest first."""
    query = select(Invitation).where(Invitation.application_id == application_id)
    query = query.order_by(Invitation.queued_at.desc(), Invitation.id.desc())
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def erase_by(user: User, application_id: uuid.UUID, sure: bool, address: str) -> bool:
    """Erase an application's result for an admin; ``address`` is their network address.

    Returns False if it was already erased. Raises NotFoundError if the application is not the
    organisation's or was never invited, and UserError unless ``sure``.
    """
    own(user, application_id)
    if not invitations_of(application_id):
        raise NotFoundError
    if not sure:
        raise UserError(UNSURE)
    return erase(application_id, user, address)


def forgettable(candidate: Candidate) -> bool:
    """True if the candidate still has a name or address but no stored result."""
    return not candidate.is_anonymised and not redaction.has_results(candidate.id)


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
        candidate = _locked_candidate(candidate_id)
        if not forgettable(candidate):
            return False
        redaction.person(candidate)
        redaction.guest_links(candidate_id, now())
        for application in candidate.applications:
            activity.log(
                ActivityKind.PERSON_FORGOTTEN,
                candidate.organisation_id,
                application_id=application.id,
                user=user.display_name,
            )
        activity.audit(
            ActivityKind.PERSON_FORGOTTEN, candidate.organisation_id, user.id, candidate_id, address
        )
        return True


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
        waiting = _addresses_of_those_who_wait(found)
        redaction.sittings(ids)
        redaction.requests(ids, user_id)
        redaction.emails(application_id, ids)
        redaction.sign_ups(ids)
        redaction.guest_links(application.candidate_id, moment)
        redaction.write_backs(ids)
        redaction.invitations(found, user_id)
        redaction.history(application_id)
        application.erased_at = moment
        session.flush()
        redaction.person(application.candidate)
        _record(application, user, address)
        for invitation in found:
            invitations.request_write_back(invitation)
        for invitation_id, email in waiting.items():
            mails.queue(WorkKind.ERASURE_MAIL, invitation_id, application.organisation_id, email)
        return True


def erase_over(size: int = ERASURE_BATCH) -> int:
    """Erase results whose retention has ended; return how many were erased.

    Each has a transaction of its own, so one failure does not stop the others and the next run
    continues after a crash. Candidates who were never invited lose name and address after the
    same period.
    """
    keeping_ones = db.session.scalars(
        select(Organisation).where(Organisation.keep_months.is_not(None))
    ).all()
    due = [one for each in keeping_ones for one in retention.batch(each, size)]
    erased = sum(_tried(erase, one) for one in due)
    for each in keeping_ones:
        for candidate_id in retention.never_invited(each, size):
            _tried(_forget, candidate_id)
    return erased


def _forget(candidate_id: uuid.UUID) -> None:
    """Erase the name and address of a candidate without results."""
    with transaction():
        redaction.person(_locked_candidate(candidate_id))


def _locked_candidate(candidate_id: uuid.UUID) -> Candidate:
    """Lock the candidate, as mirror.lock_candidate does, so that no write runs at the same time."""
    return db.session.get_one(
        Candidate, candidate_id, populate_existing=True, with_for_update={"key_share": True}
    )


def _tried(verb: Callable[[uuid.UUID], bool | None], subject_id: uuid.UUID) -> bool:
    try:
        return bool(verb(subject_id))
    except Exception:
        log.exception("could not be erased", extra={"subject": str(subject_id)})
        return False


def keep_for(user: User, months: int | None, sure: bool, address: str) -> None:
    """Set the organisation's retention period in months; None keeps results without limit.

    Raises UserError for a period that is not offered, and WouldDelete if it would soon delete
    results and the user is not ``sure``.
    """
    if months not in retention.CHOICES:
        raise UserError("Choose how long from the list.")
    with transaction() as session:
        organisation = session.get_one(
            Organisation, user.organisation_id, populate_existing=True, with_for_update=True
        )
        if organisation.keep_months == months:
            return
        gone = retention.how_many(organisation, months)
        if gone and not sure:
            raise WouldDelete(gone)
        organisation.keep_months = months
        facts = {"months": months}
        activity.audit("keeping_changed", organisation.id, user.id, None, address, **facts)


def erasures(applications: Sequence[Application]) -> dict[uuid.UUID, Erasure]:
    """The erasures of those applications that were erased, by application id."""
    erased = {one.id: one.erased_at for one in applications if one.erased_at}
    lines = db.session.scalars(
        select(Activity)
        .where(Activity.application_id.in_(erased))
        .where(Activity.kind.in_((ActivityKind.RESULT_ERASED, ActivityKind.RESULT_ERASED_IN_TIME)))
    )
    by = {line.application_id: line.facts.get("user", "") for line in lines}
    return {each: Erasure(at, by.get(each, "")) for each, at in erased.items()}


def _locked_invitations(application_id: uuid.UUID) -> list[Invitation]:
    """Lock sittings, then invitations, in the order that finishing a sitting uses (no deadlock)."""
    session = db.session()
    theirs = select(Invitation.id).where(Invitation.application_id == application_id)
    locking = select(Sitting.id).where(Sitting.invitation_id.in_(theirs))
    session.execute(locking.order_by(Sitting.id).with_for_update())
    return [invitations.locked(one) for one in session.scalars(theirs.order_by(Invitation.id))]


def _addresses_of_those_who_wait(found: Sequence[Invitation]) -> dict[uuid.UUID, str]:
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
    activity.audit("result_erased", organisation_id, user_id, application.id, address)
