"""Erasing everything about the assessment of one application (GDPR article 17).

What stays: that there was an invitation, its state and its times, so that counts stay true and
nobody is invited twice; what happened and when, without addresses and words; and SmartRecruiters'
ids. The candidate's name and e-mail address go with their last result.
"""

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

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


# How many of an organisation's results one look by the clock erases; the next one goes on.
ERASURE_BATCH = 200


class WouldDelete(UserError):
    """Results would be deleted by the end of tomorrow: ``number`` of them."""

    status = 422

    def __init__(self, number: int):
        super().__init__(N_("Tick that these results may be deleted."))
        self.number = number


@dataclass(frozen=True)
class Erasure:
    """When an application's result was erased; ``by`` whom, empty for the clock."""

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
    """An admin erases, from this network address. Raises NotFoundError for what was never invited,
    and UserError unless they are ``sure``. False when it was erased before."""
    own(user, application_id)
    if not invitations_of(application_id):
        raise NotFoundError
    if not sure:
        raise UserError(UNSURE)
    return erase(application_id, user, address)


def forgettable(candidate: Candidate) -> bool:
    """Who it is, is known, though nothing is kept that they were invited to."""
    return not candidate.is_anonymised and not redaction.has_results(candidate.id)


def forget_by(user: User, application_id: uuid.UUID, sure: bool, address: str) -> bool:
    """An admin has whose application this is forgotten. Raises NotFoundError, and UserError unless
    they are ``sure``. False when nothing was left to forget, or there is an invitation meanwhile.

    Unlike an erased result it stops nothing: who comes to a stage in SmartRecruiters after this is
    known again, and may be invited.
    """
    candidate_id = own(user, application_id).candidate_id
    if not sure:
        raise UserError(UNSURE)
    with transaction():
        candidate = _held(candidate_id)
        if not forgettable(candidate):
            return False
        redaction.person(candidate)
        redaction.guest_links(candidate_id, now())
        for application in candidate.applications:
            facts = {"application_id": application.id, "user": user.display_name}
            activity.log(ActivityKind.PERSON_FORGOTTEN, candidate.organisation_id, **facts)
        activity.audit(
            ActivityKind.PERSON_FORGOTTEN, candidate.organisation_id, user.id, candidate_id, address
        )
        return True


def erase(application_id: uuid.UUID, user: User | None = None, address: str = "") -> bool:
    """Erase, in one transaction; without a ``user``, because the time is over. False when there
    was nothing left to erase: doing it twice changes nothing.

    SmartRecruiters' profile is cleared by the outbox, by the same work that writes to it
    (results.service.write), so a write that is under way ends first. Whoever waits for an answer
    is told by mail: the mail has its own copy of the address, which is emptied once the mail was
    accepted or given up (letters.py).
    """
    with transaction() as session:
        application = lock_candidate(application_id)
        if application is None or application.erased_at is not None:
            return False
        found = _locked_invitations(application_id)
        ids = [one.id for one in found]
        user_id, moment = user and user.id, now()
        waiting = _addresses_of_those_who_wait(found)
        redaction.sittings(ids)
        redaction.requests(ids, user_id)
        redaction.letters(application_id, ids)
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
    """Erase what is over the time that its organisation keeps results, each in a transaction of
    its own: what a killed worker leaves, the next look finds, and one that can't be erased does
    not keep the others. Whoever was never invited is forgotten after the same time. How many were
    erased."""
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
    """Who somebody is of whom there is no result."""
    with transaction():
        redaction.person(_held(candidate_id))


def _held(candidate_id: uuid.UUID) -> Candidate:
    """As mirror.held: nothing is written about the person meanwhile."""
    locking = {"populate_existing": True, "with_for_update": {"key_share": True}}
    return db.session.get_one(Candidate, candidate_id, **locking)


def _tried(verb: Callable[[uuid.UUID], bool | None], subject_id: uuid.UUID) -> bool:
    try:
        return bool(verb(subject_id))
    except Exception:
        log.exception("could not be erased", extra={"subject": str(subject_id)})
        return False


def keep_for(user: User, months: int | None, sure: bool, address: str) -> None:
    """How long the organisation's results are kept from now on. Raises UserError for a time that
    is not offered, and WouldDelete unless they are ``sure`` where results would soon be gone."""
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
    """Of those that were erased, by application."""
    erased = {one.id: one.erased_at for one in applications if one.erased_at}
    lines = db.session.scalars(
        select(Activity)
        .where(Activity.application_id.in_(erased))
        .where(Activity.kind.in_((ActivityKind.RESULT_ERASED, ActivityKind.RESULT_ERASED_IN_TIME)))
    )
    by = {line.application_id: line.facts.get("user", "") for line in lines}
    return {each: Erasure(at, by.get(each, "")) for each, at in erased.items()}


def _locked_invitations(application_id: uuid.UUID) -> list[Invitation]:
    """The sittings first, in the order in which finishing one takes them."""
    session = db.session()
    theirs = select(Invitation.id).where(Invitation.application_id == application_id)
    locking = select(Sitting.id).where(Sitting.invitation_id.in_(theirs))
    session.execute(locking.order_by(Sitting.id).with_for_update())
    return [invitations.locked(one) for one in session.scalars(theirs.order_by(Invitation.id))]


def _addresses_of_those_who_wait(found: Sequence[Invitation]) -> dict[uuid.UUID, str]:
    """By invitation: somebody asked about it and has no answer yet."""
    waiting = db.session.scalars(
        select(CandidateRequest.invitation_id)
        .where(CandidateRequest.invitation_id.in_([one.id for one in found]))
        .where(CandidateRequest.answered_at.is_(None))
    )
    open_ones = set(waiting)
    return {one.id: one.email for one in found if one.id in open_ones}


def _record(application: Application, user: User | None, address: str) -> None:
    organisation_id = application.organisation_id
    facts = {"user": user.display_name} if user else {}
    kind = ActivityKind.RESULT_ERASED if user else ActivityKind.RESULT_ERASED_IN_TIME
    activity.log(kind, organisation_id, application_id=application.id, **facts)
    activity.audit("result_erased", organisation_id, user and user.id, application.id, address)
