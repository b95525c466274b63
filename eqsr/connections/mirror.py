"""The local mirror of a customer's SmartRecruiters jobs and stages: how it is filled and kept.

Every function may be called again at any time; what it stores replaces what was there.
"""

import time
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections import queries as connection_rows
from eqsr.connections.clients import client_for, means_gone
from eqsr.connections.models import AtsJob, Connection, HiringStage
from eqsr.connections.search_text import search_text
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.outbox.handlers import Reschedule
from eqsr.smartrecruiters.errors import NoAccess, NotFound, RequestRefused, UnexpectedAnswer
from eqsr.smartrecruiters.types import STATUSES, ApiPage, HiringProcess, Stage
from eqsr.smartrecruiters.types import JobRecord as TheirJob

# How long one customer's long list may keep a worker before others get their turn.
SLICE_SECONDS = 2.0

# Stages that one line of the ledger names.
NAMED = 10

# Where SmartRecruiters does not tell: databases don't agree on where to sort nothing.
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

# Stages that a candidate still in the race can be in. Nobody is invited for being turned down.
PIPELINE = tuple(s for s in STATUSES if s not in ("REJECTED", "WITHDRAWN", "TRANSFERRED"))


def mirror_jobs(connection_id: uuid.UUID, seconds: float = SLICE_SECONDS) -> int:
    """Mirror all jobs; returns how many there are.

    A page and the place to go on from are stored together, so a run that is cut short (Throttled,
    Reschedule after ``seconds``, a crash) goes on where it was. Jobs that a complete run did not
    meet get ``gone_at``. Raises SmartRecruitersError, NotConnected and Reschedule.
    """
    connection = _connection(connection_id)
    page_id, client = connection.jobs_page_id, client_for(connection)
    began, deadline, walked = now(), time.monotonic() + seconds, {page_id}
    while True:
        try:
            page = client.jobs_page(page_id)
        except RequestRefused:
            # A page id that SmartRecruiters no longer knows must not stop the mirror for good.
            if page_id is None:
                raise
            _start_over(connection_id)
            raise Reschedule(1, "the list of jobs is read from its beginning again") from None
        _store_page(connection_id, page, began=began if page_id is None else None)
        page_id = page.next_page_id
        if page_id is None:
            return _finish(connection_id)
        if page_id in walked:
            _start_over(connection_id)
            raise UnexpectedAnswer("the pages do not end", endpoint="GET /jobs")
        walked.add(page_id)
        if time.monotonic() > deadline:
            raise Reschedule(0.1, "more jobs are left to read")


def mirror_changed_jobs(
    connection_id: uuid.UUID, since: datetime, *, seconds: float, for_page: bool = False
) -> bool:
    """Mirror the jobs that changed after ``since``; False when ``seconds`` were not enough.

    What is deleted only ``mirror_jobs`` notices. Raises SmartRecruitersError and NotConnected.
    """
    client = client_for(_connection(connection_id), for_page=for_page)
    page_id, walked, deadline = None, set(), time.monotonic() + seconds
    while page_id not in walked:
        walked.add(page_id)
        page = client.jobs_page(page_id, updated_after=since)
        _store_jobs(connection_id, page)
        page_id = page.next_page_id
        if page_id is None:
            return True
        if time.monotonic() > deadline:
            break
    return False


def mirror_job(connection_id: uuid.UUID, ats_id: str, *, for_page: bool = False) -> AtsJob | None:
    """Mirror one job; None, and ``gone_at``, when it is deleted or closed to our credential
    (401, "Job access denied": SmartRecruiters' OpenAPI, GET /jobs/{jobId}).

    Raises SmartRecruitersError and NotConnected.
    """
    client = client_for(_connection(connection_id), for_page=for_page)
    try:
        job = client.job(ats_id)
    except (NotFound, NoAccess) as refusal:
        if not means_gone(refusal, client):
            raise
        return _gone(connection_id, ats_id)
    with transaction() as session:
        _upsert(session, AtsJob, [_row(connection_id, job)], ["connection_id", "ats_id"])
    return _stored(connection_id, job.ats_id)


def mirror_stages(connection_id: uuid.UUID, *, for_page: bool = False) -> int:
    """Mirror the stages of all active hiring processes together; returns how many there are.

    SmartRecruiters does not say which process a job uses. Stages that are no longer there get
    ``gone_at``; what changed is noted for the connection page. A sub-status has no id
    (SmartRecruiters' OpenAPI, hiring process), so one that was renamed is gone, and a new one is
    there. Raises SmartRecruitersError and NotConnected.
    """
    client = client_for(_connection(connection_id), for_page=for_page)
    began = now()
    processes = client.hiring_processes()
    rows = [
        {
            "connection_id": connection_id,
            "status": stage.status,
            "sub_status": stage.sub_status or "",
            "processes": names,
            "position": position,
            "made_at": began,
            "seen_at": began,
            "gone_at": None,
        }
        for position, (stage, names) in enumerate(_union(processes))
    ]
    with transaction() as session:
        connection = connection_rows.for_update(connection_id)
        before = _known_stages(session, connection_id)
        if any(stage.seen_at > began for stage in before):
            return len(rows)  # an answer that was under way for longer: a newer one is stored
        _upsert(session, HiringStage, rows, ["connection_id", "status", "sub_status"], ("made_at",))
        _mark_unseen(session, HiringStage, connection_id, began, gone_at=began)
        _note_changes(connection, before, rows)
    return len(rows)


def _known_stages(session: Session, connection_id: uuid.UUID) -> list[HiringStage]:
    query = (
        select(HiringStage)
        .where(HiringStage.connection_id == connection_id, HiringStage.gone_at.is_(None))
        .order_by(HiringStage.position)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def _note_changes(
    connection: Connection, before: list[HiringStage], after: list[dict[str, Any]]
) -> None:
    """Tell on the connection page what changed in SmartRecruiters since the last reading."""
    old = [Stage(one.status, one.sub_status or None) for one in before]
    new = [Stage(one["status"], one["sub_status"] or None) for one in after]
    if not old:
        return
    made = [stage for stage in new if stage not in old]
    gone = [stage for stage in old if stage not in new]
    note = {"organisation_id": connection.organisation_id, "connection_id": connection.id}
    if made:
        activity.log(ActivityKind.STAGES_MADE, stages=_labels(made), **note)
    if gone:
        activity.log(ActivityKind.STAGES_GONE, stages=_labels(gone), **note)
    if [stage for stage in old if stage in new] != [stage for stage in new if stage in old]:
        activity.log(ActivityKind.STAGES_REORDERED, **note)


def _labels(stages: list[Stage]) -> str:
    named = ", ".join(stage.label for stage in stages[:NAMED])
    return f"{named}, …" if len(stages) > NAMED else named


def _union(processes: Iterable[HiringProcess]) -> list[tuple[Stage, list[str]]]:
    """Each stage once, in pipeline order, with the names of the active processes that have it
    (none for a plain status, which every process has)."""
    names: dict[Stage, list[str]] = {}
    for process in processes:
        for stage in process.stages if process.active else ():
            if stage.sub_status and process.name not in names.setdefault(stage, []):
                names[stage].append(process.name)
    stages: list[tuple[Stage, list[str]]] = []
    for status in PIPELINE:
        stages.append((Stage(status), []))
        stages += [(stage, found) for stage, found in names.items() if stage.status == status]
    return stages


def _connection(connection_id: uuid.UUID) -> Connection:
    return db.session.get_one(Connection, connection_id, populate_existing=True)


def _store_page(
    connection_id: uuid.UUID, page: ApiPage[TheirJob], *, began: datetime | None
) -> None:
    """Store a page and the place to go on from; ``began`` marks the first page of a run."""
    with transaction() as session:
        connection = session.get_one(Connection, connection_id)
        connection.jobs_page_id = page.next_page_id
        connection.jobs_run_at = began or connection.jobs_run_at
        _store_jobs(connection_id, page)


def _store_jobs(connection_id: uuid.UUID, page: ApiPage[TheirJob]) -> None:
    # Twice in a page can happen while the list shifts; sorted, so that two writers can't deadlock.
    rows = {job.ats_id: _row(connection_id, job) for job in page.items}
    with transaction() as session:
        _upsert(session, AtsJob, [rows[key] for key in sorted(rows)], ["connection_id", "ats_id"])


def _start_over(connection_id: uuid.UUID) -> None:
    with transaction() as session:
        connection = session.get_one(Connection, connection_id)
        connection.jobs_page_id = connection.jobs_run_at = None


def _finish(connection_id: uuid.UUID) -> int:
    with transaction() as session:
        connection = session.get_one(Connection, connection_id)
        _mark_unseen(session, AtsJob, connection_id, connection.jobs_run_at)
        connection.jobs_run_at = None
        connection.jobs_synced_at = now()
        return session.scalar(
            select(func.count())
            .select_from(AtsJob)
            .where(AtsJob.connection_id == connection_id, AtsJob.gone_at.is_(None))
        )


def _mark_unseen(
    session: Session,
    model: Any,
    connection_id: uuid.UUID,
    since: datetime,
    gone_at: datetime | None = None,
) -> None:
    session.execute(
        update(model)
        .where(model.connection_id == connection_id, model.gone_at.is_(None), model.seen_at < since)
        .values(gone_at=gone_at or now())
    )


def _row(connection_id: uuid.UUID, job: TheirJob) -> dict[str, Any]:
    return {
        "connection_id": connection_id,
        "ats_id": job.ats_id,
        "title": job.title[:500],
        "ref_number": (job.ref_number or "")[:200],
        "status": (job.status or "")[:40],
        "city": (job.city or "")[:200],
        "department": (job.department or "")[:200],
        "language": (job.language or "")[:20],
        "search": search_text(job.title, job.ref_number or "", job.ats_id),
        "updated_on": job.updated_on or LONG_AGO,
        "seen_at": now(),
        "gone_at": None,
    }


def _upsert(
    session: Session,
    model: Any,
    rows: list[dict[str, Any]],
    key: list[str],
    only_new: tuple[str, ...] = (),
) -> None:
    """Insert, or update all but ``key`` and what is for new rows only."""
    if not rows:
        return
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[session.get_bind().dialect.name]
    statement = dialect.insert(model.__table__).values(rows)
    fresh = {name: statement.excluded[name] for name in rows[0] if name not in (*key, *only_new)}
    session.execute(statement.on_conflict_do_update(index_elements=key, set_=fresh))


def _gone(connection_id: uuid.UUID, ats_id: str) -> None:
    with transaction() as session:
        session.execute(
            update(AtsJob)
            .where(AtsJob.connection_id == connection_id, AtsJob.ats_id == ats_id)
            .where(AtsJob.gone_at.is_(None))
            .values(gone_at=now())
        )


def _stored(connection_id: uuid.UUID, ats_id: str) -> AtsJob:
    return db.session.scalars(
        select(AtsJob)
        .where(AtsJob.connection_id == connection_id, AtsJob.ats_id == ats_id)
        .execution_options(populate_existing=True)
    ).one()
