"""Inviting because of a move into a stage."""

from datetime import timedelta

from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Application
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.invitations import queries, service
from eqsr.invitations.models import Invitation, InvitationState, Trigger
from eqsr.jobs.models import StageLink
from eqsr.mail import service as mail
from eqsr.outbox.kinds import WorkKind


def invite_from_stage(link: StageLink, application: Application, email: str, stage: str) -> bool:
    """Make and queue the one invitation of a stage move; return False if it existed already.

    An invitation that was cancelled before its email was sent is queued again, as the candidate
    was not invited yet. ``stage``: the stage's name, for the activity log.
    """
    with transaction() as session:
        invitation, is_new = _insert_for(link, application, email)
        send = mail.queue
        if not is_new:
            invitation, send = service.locked(invitation.id), mail.queue_one
            if not queries.cancelled_before_sending(invitation):
                return False
            # What was to be sent before it was cancelled is not sent beside the new first email.
            # Times would not tell: the machines' clocks differ.
            mail.cancel_queued(invitation.id)
            _requeue(invitation, link, email)
            session.flush()
        send(
            WorkKind.INVITATION_MAIL,
            invitation.id,
            invitation.organisation_id,
            email,
            connection_id=link.ats_job.connection_id,
        )
        service.log_activity(
            invitation, ActivityKind.INVITATION_MADE, job=link.job.title, stage=stage
        )
        return True


def _insert_for(link: StageLink, application: Application, email: str) -> tuple[Invitation, bool]:
    """Insert the stage's invitation as the next attempt, unless there is one: (it, is it new)."""
    is_new = False
    while (invitation := queries.for_link(link, application)) is None:
        latest = queries.of_application(link.job_id, application.id)
        number = latest.attempt + 1 if latest else 1
        is_new = service.insert_attempt(link.job, application, email, Trigger.STAGE, link, number)
    return invitation, is_new


def _requeue(invitation: Invitation, link: StageLink, email: str) -> None:
    invitation.state = InvitationState.QUEUED
    invitation.stage_link_id = link.id
    invitation.assessment = link.assessment
    invitation.email = email
    invitation.queued_at = now()
    invitation.expires_at = now() + timedelta(days=link.job.days_to_finish)
    invitation.problem = invitation.fault = None
