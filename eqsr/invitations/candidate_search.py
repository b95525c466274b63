"""Searching SmartRecruiters for people whom we do not know yet."""

import re

from eqsr.candidates import mirror
from eqsr.candidates import queries as candidate_queries
from eqsr.connections.clients import client_for
from eqsr.connections.models import AtsJob, Connection
from eqsr.core.db import db, transaction
from eqsr.jobs.models import Job
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.refusals import NotFound
from eqsr.smartrecruiters.types.candidates import CandidateRecord

MAX_RESULTS = 10
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{24}")


def look_up(job: Job, text: str) -> int:
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
        known = candidate_queries.known_application(connection, person.ats_id, ats_job.ats_id)
        locked = candidate_queries.lock_candidate(known.id) if known else None
        if locked is not None and locked.erased_at is not None:
            return False
        candidate = mirror.upsert_candidate(connection.organisation_id, person)
        application = mirror.new_application(candidate, ats_job)
        enqueue(WorkKind.CHECK_APPLICATION, application.id, connection_id=connection.id, once=True)
        return True


def _search(client: SmartRecruiters, ats_job_id: str, text: str) -> list[CandidateRecord]:
    """The people on the SmartRecruiters job who match a name, an e-mail address or an ID."""
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
