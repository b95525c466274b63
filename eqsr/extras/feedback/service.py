"""Candidates' requests about their own result, and the answers.

A person decides and answers: nothing here changes a score or decides automatically (GDPR articles
15, 17 and 22).
"""

import uuid

from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.activity.kinds import ActivityKind
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.messages import NotFoundError, UserError
from eqsr.extras.feedback.models import CandidateRequest, RequestKind
from eqsr.extras.feedback.own_result import ResultClosed, own_result
from eqsr.invitations import service as invitations
from eqsr.jobs.models import Job
from eqsr.mail import service as mail
from eqsr.outbox.kinds import WorkKind
from eqsr.teams import job_teams

LONGEST_TEXT = 2000

ASKED = {
    RequestKind.REVIEW: ActivityKind.REVIEW_ASKED,
    RequestKind.ERASURE: ActivityKind.ERASURE_ASKED,
}


def ask(invitation_id: uuid.UUID, wish: RequestKind, text: str) -> CandidateRequest:
    """Store a request and notify the job's team by email.

    If one of this kind is open, it is returned unchanged. Raises UserError for a text that is
    too long, and ResultClosed.
    """
    if len(text) > LONGEST_TEXT:
        raise UserError("Say it in at most 2000 characters.")
    with transaction() as session:
        invitation = invitations.locked(invitation_id)
        found = own_result(invitation_id)
        if found is None:
            raise ResultClosed("There is no result yet.")
        waiting = [one for one in found.requests if one.wish is wish and not one.answered_at]
        if waiting:
            return waiting[0]
        request = CandidateRequest(
            organisation_id=invitation.organisation_id,
            invitation_id=invitation_id,
            wish=wish,
            text=text,
        )
        session.add(request)
        session.flush()
        invitations.log_activity(invitation, ASKED[wish])
        notify_people(request)
        return request


def notify_people(request: CandidateRequest) -> None:
    """Queue an email about the request to each of its people. Joins the transaction."""
    for person in people_of(request.invitation.job):
        mail.queue(
            WorkKind.CANDIDATE_REQUEST_MAIL, request.id, request.organisation_id, person.email
        )


def answer(
    invitation_id: uuid.UUID, request_id: uuid.UUID | None, text: str, user: User, address: str = ""
) -> CandidateRequest:
    """Store a plain-text answer and email it to the candidate.

    Raises UserError if the text is empty or too long, or the request is already answered, and
    NotFoundError for a request of another organisation or invitation.
    """
    invitation, organisation_id = invitations.get(invitation_id), user.organisation_id
    if invitation is None or invitation.organisation_id != organisation_id:
        raise NotFoundError
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise UserError("Write an answer of at most 2000 characters.")
    with transaction() as session:
        request = session.scalar(
            select(CandidateRequest)
            .where(CandidateRequest.id == request_id)
            .with_for_update(of=CandidateRequest)
            .execution_options(populate_existing=True)
        )
        if request is None or request.invitation_id != invitation_id:
            raise NotFoundError
        if request.answered_at is not None:
            raise UserError("Somebody has answered this already. Reload the page to read it.")
        request.answer, request.answered_at = text.strip(), now()
        request.answered_by_id = user.id
        invitations.log_activity(
            request.invitation, ActivityKind.REVIEW_ANSWERED, user=user.name or user.email
        )
        activity.audit(AuditAction.REQUEST_ANSWERED, organisation_id, user.id, request.id, address)
        mail.queue(
            WorkKind.CANDIDATE_ANSWER_MAIL, request.id, organisation_id, request.invitation.email
        )
        return request


def people_of(job: Job) -> list[User]:
    """The users who are notified of a request: the job's team and the organisation's admins."""
    team = job_teams.team_of(job)
    return [*team.on, *(admin for admin in team.admins if admin not in team.on)]
