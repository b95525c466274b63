"""Inviting by hand, for the first time or again."""

import uuid

from eqsr.activity import history as activity_history
from eqsr.activity.kinds import ActivityKind
from eqsr.candidates import queries as candidate_queries
from eqsr.candidates.models import Application
from eqsr.core.db import db, transaction
from eqsr.core.email_addresses import usable_address
from eqsr.core.messages import NotFoundError, UserError
from eqsr.duplicates import person_lock
from eqsr.invitations import job_obstacles, queries, service
from eqsr.invitations.management import Actor, queue_email, record
from eqsr.invitations.models import Invitation, Trigger
from eqsr.invitations.possible_actions import CANCELLABLE, DELETED
from eqsr.jobs.models import Job
from eqsr.outbox.kinds import WorkKind


def application_on(job: Job, application_id: uuid.UUID) -> Application:
    """An application to a SmartRecruiters job that ``job`` is or was connected to.

    Raises NotFoundError for any other application.
    """
    application = db.session.get(Application, application_id)
    ats_job_ids = {link.ats_job_id for link in job.stage_links}
    if application is None or application.organisation_id != job.organisation_id:
        raise NotFoundError
    if application.ats_job_id not in ats_job_ids and application.link_job_id != job.id:
        raise NotFoundError
    return application


def invite(
    job: Job, application: Application, attempt: int, actor: Actor
) -> tuple[Invitation, bool]:
    """Invite by hand; the first ``attempt`` is 1, and a higher one invites again.

    Returns the invitation and whether it is new: an attempt that exists already is left as it is.
    Raises UserError if the job is closed, an earlier invitation is still open, or no email can
    reach the person.
    """
    with transaction() as session:
        job = session.get_one(Job, job.id, populate_existing=True)
        application = _locked(application.id)
        person_lock.hold(application.candidate)
        latest = queries.of_application(job.id, application.id)
        if latest is not None and latest.attempt >= attempt:
            return latest, False
        if attempt != (latest.attempt if latest else 0) + 1:
            raise UserError("This page is out of date. Reload it and try again.")
        address = invitable_address(job, application, latest)
        made = service.insert_attempt(
            job,
            application,
            address,
            Trigger.PERSON,
            attempt=attempt,
            assessment=latest.assessment if latest else None,
        )
        invitation = queries.attempt_of(job.id, application.id, attempt)
        if made:
            queue_email(invitation, WorkKind.INVITATION_MAIL)
            kind = ActivityKind.INVITATION_BY_HAND if attempt == 1 else ActivityKind.INVITED_AGAIN
            record(invitation, kind, actor, job=job.title)
        return invitation, made


def address_of(application: Application) -> str | None:
    """The address to invite: the profile's, unless a user has replaced that one here since."""
    profile = application.candidate.email
    corrections = [
        one.facts
        for one in activity_history.of_kind(application.id, ActivityKind.ADDRESS_CORRECTED)
    ]
    replaced = any(one.get("before") == profile for one in corrections)
    return corrections[-1].get("email") if replaced else profile


def why_not(job: Job, application: Application) -> str:
    """The sentence that refuses to invite this application now; '' if it may be invited.

    An invitation that is still open is no refusal: its page offers what can be done.
    """
    latest = queries.of_application(job.id, application.id)
    try:
        if latest is None or latest.state not in CANCELLABLE:
            invitable_address(job, application, latest)
    except UserError as error:
        return error.sentence
    return ""


def invitable_address(job: Job, application: Application, latest: Invitation | None) -> str:
    """Return the address to invite. Raises UserError if the application can't be invited now."""
    if refusal := job_obstacles.refusal(job, application.ats_job):
        raise UserError(refusal)
    if latest is not None and latest.state in CANCELLABLE:
        raise UserError("An earlier invitation is still open. Send that one again instead.")
    if application.erased_at is not None:
        raise UserError("The result of this application was deleted, so it is not invited again.")
    if application.candidate.removed_at is not None:
        raise UserError(DELETED)
    address = usable_address(address_of(application))
    if address is None:
        raise UserError("The profile has no usable e-mail address. Add one in SmartRecruiters.")
    return address


def _locked(application_id: uuid.UUID) -> Application:
    application = candidate_queries.lock_candidate(application_id)
    if application is None:
        raise NotFoundError
    return application
