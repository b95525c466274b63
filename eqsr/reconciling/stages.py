"""Sweeping one stage: finding people in it whose move we missed.

A thorough sweep also checks people of the job who are in other stages and changed since we read
them. They are not invited, but the activity log has to say that they were in the stage.
"""

import uuid
from datetime import timedelta

from eqsr.connections.clients import client_for
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.jobs.models import StageLink
from eqsr.outbox.handlers import Reschedule
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.status import has_due
from eqsr.reconciling import progress
from eqsr.reconciling.application_checks import CLOCK_SKEW, WHOLE_JOB, is_whole_job, look
from eqsr.reconciling.models import Sweep
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.refusals import RequestRefused
from eqsr.smartrecruiters.types.candidates import CandidateSummary
from eqsr.smartrecruiters.types.lists import ApiPage

# The longest that a sweep waits for received events to be handled.
EVENTS_FIRST = timedelta(minutes=30)


def sweep(sweep_id: uuid.UUID) -> None:
    """Read one page of the people in the stage, and enqueue checks. Raises SmartRecruitersError."""
    current = progress.load(sweep_id)
    link = db.session.get_one(StageLink, current.stage_link_id, populate_existing=True)
    connection = progress.connection_of(current)
    if current.ended_at is not None:
        return
    if link.ended_at is not None:
        progress.turn_page(sweep_id, None, 0, 0)
        return
    _let_events_pass(current)
    list_of = _whole_job if is_whole_job(current) else _stage
    try:
        page, next_page = list_of(client_for(connection), current, link)
    except RequestRefused:
        if current.page is None:
            raise
        progress.cut_short(sweep_id)
        return
    found = sum(look(current, link, summary) for summary in page.items)
    progress.turn_page(sweep_id, next_page, len(page.items), found)


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
