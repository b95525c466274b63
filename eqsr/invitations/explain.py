"""Why was this person (not) invited? Answered for anybody on a connected SmartRecruiters job."""

import re
import uuid
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from eqsr.activity.models import Activity
from eqsr.activity.service import of_applications
from eqsr.candidates import mirror
from eqsr.candidates.models import Application, Candidate
from eqsr.connections import service as connections
from eqsr.connections.clients import NotConnected, client_for
from eqsr.connections.models import AtsJob, Connection
from eqsr.core.db import db, transaction
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue
from eqsr.smartrecruiters.errors import NoAccess, NotFound, SmartRecruitersError
from eqsr.smartrecruiters.types import CandidateRecord as TheirCandidate

MAX_RESULTS = 10
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{24}")


@dataclass(frozen=True)
class Explanation:
    """One person: who, the latest invitation to this job if any, and what happened, in order."""

    application: Application
    invitation: Invitation | None
    activities: list[Activity]


@dataclass(frozen=True)
class Explanations:
    """Those found. ``problem`` says why SmartRecruiters itself could not be asked, or is empty.
    ``looked_up``: people whom we had not heard of; they are being looked at now."""

    found: list[Explanation]
    looked_up: int
    problem: str


def why(job: Job, text: str) -> Explanations:
    """Find people on the job's SmartRecruiters jobs by name, e-mail address or ID.

    Whom we have never heard of is looked for in SmartRecruiters, and then looked at as a sweep
    would: if a move was missed, that invites.
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
    return Explanations([_answer(job, application) for application in known], looked_up, problem)


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
    """Ask SmartRecruiters; how many people were found that are now being looked at."""
    made = 0
    # Several stages of one SmartRecruiters job are asked for once.
    for ats_job in {link.ats_job_id: link.ats_job for link in job.active_links}.values():
        connection = connections.get(ats_job.connection_id)
        client = client_for(connection, for_page=True)
        for person in _theirs(client, ats_job.ats_id, text):
            made += _to_be_looked_at(connection, ats_job, person)
    return made


def _to_be_looked_at(connection: Connection, ats_job: AtsJob, person: TheirCandidate) -> bool:
    """False for somebody whose result was erased: nothing is kept of them again."""
    with transaction():
        known = mirror.known_application(connection, person.ats_id, ats_job.ats_id)
        if known is not None and mirror.lock_candidate(known.id).erased_at is not None:
            return False
        candidate = mirror.upsert_candidate(connection.organisation_id, person)
        application = mirror.new_application(candidate, ats_job)
        enqueue(WorkKind.CHECK_APPLICATION, application.id, connection_id=connection.id, once=True)
        return True


def _theirs(client, ats_job_id: str, text: str) -> list[TheirCandidate]:
    if _ID.fullmatch(text):
        try:
            client.application(text, ats_job_id)
            return [client.candidate(text)]
        except (NotFound, NoAccess):
            return []
    page = client.candidates_page(job_id=ats_job_id, query=text, limit=MAX_RESULTS)
    return [
        TheirCandidate(one.ats_id, one.first_name, one.last_name, one.email, ())
        for one in page.items
    ]


def _answer(job: Job, application: Application) -> Explanation:
    invitation = db.session.scalar(
        select(Invitation)
        .where(Invitation.job_id == job.id, Invitation.application_id == application.id)
        .order_by(Invitation.attempt.desc())
        .limit(1)
    )
    return Explanation(application, invitation, of_applications([application.id]))


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
