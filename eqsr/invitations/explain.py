"""Explaining why a person on a connected SmartRecruiters job was (not) invited."""

import re
import uuid
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from eqsr.activity.models import Activity
from eqsr.activity.service import of_applications
from eqsr.candidates import mirror
from eqsr.candidates.models import Application, Candidate
from eqsr.connections.clients import NotConnected, client_for
from eqsr.connections.models import AtsJob, Connection
from eqsr.core.db import db, transaction
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.base import SmartRecruitersError
from eqsr.smartrecruiters.errors.refusals import NotFound
from eqsr.smartrecruiters.types.candidates import CandidateRecord

MAX_RESULTS = 10
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{24}")


@dataclass(frozen=True)
class InvitationExplanation:
    """One person's application, their latest invitation to the job, and what happened, in order."""

    application: Application
    invitation: Invitation | None
    activities: list[Activity]


@dataclass(frozen=True)
class InvitationExplanations:
    """The explanations for everyone who was found.

    ``problem`` says why SmartRecruiters could not be asked, or is empty. ``looked_up``: number of
    people who were new to us and are being evaluated now.
    """

    found: list[InvitationExplanation]
    looked_up: int
    problem: str


def why(job: Job, text: str) -> InvitationExplanations:
    """Find people on the job's SmartRecruiters jobs by name, e-mail address or ID.

    If no known person matches, ask SmartRecruiters and evaluate the people found there, as a
    sweep would: that invites them if a move was missed.
    """
    text = text.strip()
    ats_jobs = {link.ats_job_id: link.ats_job for link in job.stage_links}
    known = _known(job, list(ats_jobs), text)
    problem, looked_up = "", 0
    if not known and job.active_links:
        try:
            looked_up = _look_up(job, text)
        except (SmartRecruitersError, NotConnected) as error:
            problem = error.sentence
        known = _known(job, list(ats_jobs), text)
    return InvitationExplanations(
        [_explain(job, application) for application in known], looked_up, problem
    )


def _known(job: Job, ats_job_ids: list[uuid.UUID], text: str) -> list[Application]:
    words = [f"%{_escaped(word.lower())}%" for word in text.split()]
    name = func.lower(Candidate.first_name + " " + Candidate.last_name)
    by_name = [name.like(word, escape="\\") for word in words]
    query = (
        select(Application)
        .join(Application.candidate)
        .where(Application.organisation_id == job.organisation_id)
        .where(or_(Application.ats_job_id.in_(ats_job_ids), Application.link_job_id == job.id))
        .where(
            or_(
                func.lower(Candidate.email) == text.lower(),
                Candidate.ats_id == text,
                Application.ats_id == text,
                *([] if not by_name else [and_(*by_name)]),
            )
        )
        .order_by(Candidate.last_name, Candidate.first_name, Application.id)
        .limit(MAX_RESULTS)
    )
    return list(db.session.scalars(query))


def _look_up(job: Job, text: str) -> int:
    """Search SmartRecruiters and enqueue a check of everyone found; return how many."""
    enqueued = 0
    # Several stages may belong to one SmartRecruiters job, which is searched once.
    for ats_job in {link.ats_job_id: link.ats_job for link in job.active_links}.values():
        connection = db.session.get_one(Connection, ats_job.connection_id, populate_existing=True)
        client = client_for(connection, for_page=True)
        for person in _search(client, ats_job.ats_id, text):
            enqueued += _enqueue_check(connection, ats_job, person)
    return enqueued


def _enqueue_check(connection: Connection, ats_job: AtsJob, person: CandidateRecord) -> bool:
    """Store the person and enqueue a check; return False, and do neither, if they were erased."""
    with transaction():
        known = mirror.known_application(connection, person.ats_id, ats_job.ats_id)
        locked = mirror.lock_candidate(known.id) if known else None
        if locked is not None and locked.erased_at is not None:
            return False
        candidate = mirror.upsert_candidate(connection.organisation_id, person)
        application = mirror.new_application(candidate, ats_job)
        enqueue(WorkKind.CHECK_APPLICATION, application.id, connection_id=connection.id, once=True)
        return True


def _search(client: SmartRecruiters, ats_job_id: str, text: str) -> list[CandidateRecord]:
    if _ID.fullmatch(text):
        try:
            client.application(text, ats_job_id)
            return [client.candidate(text)]
        except (NotFound, NoAccess):
            return []
    page = client.candidates_page(job_id=ats_job_id, query=text, limit=MAX_RESULTS)
    return [
        CandidateRecord(one.ats_id, one.first_name, one.last_name, one.email, ())
        for one in page.items
    ]


def _explain(job: Job, application: Application) -> InvitationExplanation:
    invitation = db.session.scalar(
        select(Invitation)
        .where(Invitation.job_id == job.id, Invitation.application_id == application.id)
        .order_by(Invitation.attempt.desc())
        .limit(1)
    )
    return InvitationExplanation(application, invitation, of_applications([application.id]))


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
