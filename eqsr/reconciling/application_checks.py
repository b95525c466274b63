"""Which people in a list of SmartRecruiters are worth a check, and the check."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from eqsr.activity.kinds import ActivityKind
from eqsr.candidates import mirror
from eqsr.candidates import queries as candidate_queries
from eqsr.candidates.models import Application
from eqsr.core.db import db, transaction
from eqsr.invitations import queries
from eqsr.invitations.ats_application import ats_application
from eqsr.invitations.evaluation import EvaluationCause
from eqsr.invitations.moves import evaluate_application
from eqsr.jobs.models import StageLink
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue
from eqsr.outbox.status import is_pending
from eqsr.reconciling.models import Sweep
from eqsr.smartrecruiters.types.candidates import CandidateRecord, CandidateSummary

# SmartRecruiters' clock and ours may differ by this much.
CLOCK_SKEW = timedelta(minutes=2)
# Prefix of page ids in the list of the whole job, which a thorough sweep reads after the stage's.
WHOLE_JOB = "whole job "


def is_whole_job(current: Sweep) -> bool:
    """Whether the sweep's page belongs to the list of the whole job."""
    return current.page is not None and current.page.startswith(WHOLE_JOB)


def check(application_id: uuid.UUID) -> None:
    """Evaluate an application that a sweep found. Raises SmartRecruitersError."""
    application = db.session.get_one(Application, application_id, populate_existing=True)
    there = ats_application(application)
    cause = EvaluationCause("sweep", ActivityKind.MOVE_FOUND, just_moved=False)
    evaluate_application(there.connection, there.candidate_id, there.job_id, cause)


def look(current: Sweep, link: StageLink, summary: CandidateSummary) -> bool:
    """Enqueue a check of this person if it may reveal something new; return whether it was."""
    with transaction():
        organisation_id = link.job.organisation_id
        known = candidate_queries.known_candidate_of(organisation_id, summary.ats_id)
        application = _application(known.id, link) if known else None
        if application and not _worth_a_look(current, link, application, summary):
            return False
        seen = CandidateRecord(
            summary.ats_id, summary.first_name, summary.last_name, summary.email, ()
        )
        candidate = known or mirror.upsert_candidate(organisation_id, seen)
        application = application or mirror.new_application(candidate, link.ats_job)
        if is_pending(WorkKind.CHECK_APPLICATION, application.id):
            return False
        enqueue(
            WorkKind.CHECK_APPLICATION,
            application.id,
            connection_id=current.connection_id,
            once=True,
        )
        return True


def _worth_a_look(
    current: Sweep, link: StageLink, application: Application, summary: CandidateSummary
) -> bool:
    if application.erased_at is not None:
        return False
    invitation = queries.for_link(link, application)
    if invitation is not None and not queries.cancelled_before_sending(invitation):
        return False
    if application.read_at is None:
        return True
    if is_whole_job(current):
        return summary.updated_on is not None and summary.updated_on > application.read_at
    if current.thorough or _has_moved(link, application, summary):
        return True
    return summary.updated_on is None or summary.updated_on > application.read_at - CLOCK_SKEW


def _has_moved(link: StageLink, application: Application, summary: CandidateSummary) -> bool:
    """Whether the person is in another stage now than we read.

    A list by status alone includes everyone in its sub-statuses. If we know such a person's
    sub-status already, that is no move, so that not every sweep checks them again.
    """
    read = (application.status, application.sub_status)
    listed_by = (link.status, link.sub_status or application.sub_status)
    shown = (summary.status, summary.sub_status or "")
    is_shown = summary.job_id == link.ats_job.ats_id and summary.status is not None
    return read != listed_by or (is_shown and read != shown)


def _application(candidate_id: uuid.UUID, link: StageLink) -> Application | None:
    return db.session.scalar(
        select(Application).where(
            Application.candidate_id == candidate_id, Application.ats_job_id == link.ats_job_id
        )
    )
