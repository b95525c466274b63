"""Sweeping one stage: finding people in it whose move we missed.

A thorough sweep also checks people of the job who are in other stages and changed since we read
them. They are not invited, but the activity log has to say that they were in the stage.
"""

import uuid
from datetime import timedelta

from sqlalchemy import select

from eqsr.activity.kinds import ActivityKind
from eqsr.candidates import mirror
from eqsr.candidates.models import Application
from eqsr.connections.clients import client_for
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import service as invitations
from eqsr.invitations.ats_application import ats_application
from eqsr.invitations.evaluation import EvaluationCause
from eqsr.invitations.moves import evaluate_application
from eqsr.jobs.models import StageLink
from eqsr.outbox.handlers import Reschedule
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue, has_due, is_pending
from eqsr.reconciling import service
from eqsr.reconciling.models import Sweep
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.refusals import RequestRefused
from eqsr.smartrecruiters.types.candidates import CandidateRecord, CandidateSummary
from eqsr.smartrecruiters.types.lists import ApiPage

# SmartRecruiters' clock and ours may differ by this much.
CLOCK_SKEW = timedelta(minutes=2)
# The longest that a sweep waits for received events to be handled.
EVENTS_FIRST = timedelta(minutes=30)
# Prefix of page ids in the list of the whole job, which a thorough sweep reads after the stage's.
WHOLE_JOB = "whole job "


def sweep(sweep_id: uuid.UUID) -> None:
    """Read one page of the people in the stage, and enqueue checks. Raises SmartRecruitersError."""
    current = service.load(sweep_id)
    link = db.session.get_one(StageLink, current.stage_link_id, populate_existing=True)
    connection = service.connection_of(current)
    if current.ended_at is not None:
        return
    if link.ended_at is not None:
        service.turn_page(sweep_id, None, 0, 0)
        return
    _let_events_pass(current)
    list_of = _whole_job if _is_whole_job(current) else _stage
    try:
        page, next_page = list_of(client_for(connection), current, link)
    except RequestRefused:
        if current.page is None:
            raise
        service.cut_short(sweep_id)
        return
    found = sum(_look(current, link, summary) for summary in page.items)
    service.turn_page(sweep_id, next_page, len(page.items), found)


def _let_events_pass(current: Sweep) -> None:
    """Raise Reschedule while received events wait, for at most EVENTS_FIRST.

    A waiting event is not a missed one, and reading its application twice would waste requests
    while a burst of events uses up the rate limit.
    """
    if now() - current.started_at < EVENTS_FIRST and has_due(
        WorkKind.WEBHOOK_EVENT, current.connection_id
    ):
        raise Reschedule(5, "events that have arrived come first")


def _stage(
    client: SmartRecruiters, current: Sweep, link: StageLink
) -> tuple[ApiPage[CandidateSummary], str | None]:
    page = client.candidates_page(
        job_id=link.ats_job.ats_id,
        status=link.status,
        sub_status=link.sub_status or None,
        page_id=current.page,
    )
    return page, page.next_page_id or (WHOLE_JOB if current.thorough else None)


def _whole_job(
    client: SmartRecruiters, current: Sweep, link: StageLink
) -> tuple[ApiPage[CandidateSummary], str | None]:
    page = client.candidates_page(
        job_id=link.ats_job.ats_id,
        updated_after=link.since - CLOCK_SKEW,
        page_id=(current.page or "").removeprefix(WHOLE_JOB) or None,
    )
    return page, WHOLE_JOB + page.next_page_id if page.next_page_id else None


def _is_whole_job(current: Sweep) -> bool:
    return current.page is not None and current.page.startswith(WHOLE_JOB)


def check(application_id: uuid.UUID) -> None:
    """Evaluate an application that a sweep found. Raises SmartRecruitersError."""
    application = db.session.get_one(Application, application_id, populate_existing=True)
    there = ats_application(application)
    cause = EvaluationCause("sweep", ActivityKind.MOVE_FOUND, just_moved=False)
    evaluate_application(there.connection, there.candidate_id, there.job_id, cause)


def _look(current: Sweep, link: StageLink, summary: CandidateSummary) -> bool:
    """Enqueue a check of this person if it may reveal something new; return whether it was."""
    with transaction():
        organisation_id = link.job.organisation_id
        known = mirror.known_candidate_of(organisation_id, summary.ats_id)
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
    invitation = invitations.for_link(link, application)
    if invitation is not None and not invitations.cancelled_before_sending(invitation):
        return False
    if application.read_at is None:
        return True
    if _is_whole_job(current):
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
