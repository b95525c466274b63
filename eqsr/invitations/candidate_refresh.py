"""Reading a candidate again, whose name, address or country may have changed in SmartRecruiters.

A mail and a report read the candidate before they are made, for a few seconds at most; a page
shows the copy, and asks a worker to read. An address that was corrected is followed until the
candidate has started.
"""

import logging
import uuid
from datetime import datetime, timedelta

from sqlalchemy import select

from eqsr.candidates import mirror
from eqsr.candidates import queries as candidate_queries
from eqsr.candidates.models import Application, Candidate
from eqsr.connections.clients import NotConnected, client_for, means_gone
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import address_sync, by_hand, service
from eqsr.invitations.ats_application import ats_application
from eqsr.invitations.current_stage import out_of_place
from eqsr.invitations.models import WITH_RESULT, Invitation
from eqsr.jobs.models import JobState
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.base import SmartRecruitersError
from eqsr.smartrecruiters.errors.refusals import NotFound

log = logging.getLogger(__name__)

# A candidate who was read so recently is not read again, for a mail and for an event or a page.
FRESH = timedelta(minutes=2)
# Our own tags cause events too: they and all others within this time cost one call together.
READ_INTERVAL = timedelta(minutes=10)
# Seconds that a mail waits for SmartRecruiters before it is sent with what is known.
PATIENCE = 5.0


def request(candidate: Candidate) -> None:
    """Ask a worker to read the candidate, unless that happened within READ_INTERVAL.

    For pages, which never wait for SmartRecruiters. Joins the transaction.
    """
    if candidate.read_at is None or candidate.read_at <= now() - READ_INTERVAL:
        _enqueue(candidate, now())


def request_after_event(candidate: Candidate) -> None:
    """Ask a worker to read the candidate, READ_INTERVAL after the last time at the earliest."""
    again = candidate.read_at + READ_INTERVAL if candidate.read_at else now()
    _enqueue(candidate, max(again, now()))


def refresh(candidate_id: uuid.UUID) -> None:
    """Read the candidate, as a page or an event asked. Raises SmartRecruitersError, NotConnected.

    Nothing follows if the candidate is gone: events and sweeps find out what became of them.
    """
    for application in _applications(candidate_id):
        if application.ats_job is not None:
            _read(application)
            return


def before_use(application: Application) -> bool:
    """Read the candidate before something is made of the name or address; False if they are gone.

    If SmartRecruiters does not answer in time, or refuses, the copy has to do.
    """
    read_at = application.candidate.read_at
    if application.ats_job is None or (read_at and read_at > now() - FRESH):
        return True
    try:
        return _read(application, PATIENCE)
    except (SmartRecruitersError, NotConnected) as error:
        log.info("a candidate can't be read again, so the copy is used: %s", error)
        return True


def _enqueue(candidate: Candidate, due_at: datetime) -> None:
    jobs = [one.ats_job for one in _applications(candidate.id) if one.ats_job is not None]
    if jobs and not candidate.is_anonymised:
        enqueue(
            WorkKind.REFRESH_CANDIDATE,
            candidate.id,
            connection_id=jobs[0].connection_id,
            due_at=due_at,
            once=True,
        )


def _applications(candidate_id: uuid.UUID) -> list[Application]:
    query = select(Application).where(Application.candidate_id == candidate_id)
    return list(db.session.scalars(query.order_by(Application.created_at.desc())))


def _read(application: Application, patience: float | None = None) -> bool:
    """Read and store the candidate, and do what follows; False if SmartRecruiters has none."""
    there = ats_application(application)
    client = client_for(there.connection)
    if patience is not None:
        client = client.with_timeouts(patience)
    try:
        seen = client.candidate(there.candidate_id)
    except (NotFound, NoAccess) as error:
        if not means_gone(error, client):
            raise
        return False
    if seen.ats_id != there.candidate_id:  # merged: events and sweeps tell into whom
        return True
    with transaction():
        locked = candidate_queries.lock_candidate(application.id)
        if locked is None or locked.candidate.is_anonymised or locked.erased_at is not None:
            return True
        before = (locked.candidate.name, locked.candidate.email)
        candidate = mirror.upsert_candidate(application.organisation_id, seen)
        changed = before != (candidate.name, candidate.email)
        invitations = _invitations(candidate)
        if changed:
            _write_reports_again(invitations)
    for invitation in invitations:
        _follow_address(invitation)
    return True


def _invitations(candidate: Candidate) -> list[Invitation]:
    query = (
        select(Invitation)
        .join(Application, Application.id == Invitation.application_id)
        .where(Application.candidate_id == candidate.id)
    )
    return list(db.session.scalars(query))


def _write_reports_again(invitations: list[Invitation]) -> None:
    """Replace the reports in SmartRecruiters, which name the candidate."""
    for invitation in invitations:
        completed = invitation.state in WITH_RESULT
        if completed and invitation.job.attach_report:
            service.request_write_back(invitation)


def _follow_address(invitation: Invitation) -> None:
    """Send an invitation that was not started to the corrected address, if it still makes sense."""
    address = by_hand.address_of(invitation.application)
    if not address_sync.is_new(invitation, address) or invitation.job.state is not JobState.OPEN:
        return
    try:
        if out_of_place(invitation):
            return
    except (SmartRecruitersError, NotConnected) as error:
        log.info("a corrected address waits for the next look: %s", error)
        return
    with transaction():
        address_sync.follow(invitation, address)
