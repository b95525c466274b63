"""The overview of jobs, with 1,000 jobs and 200,000 invitations: how long a page takes."""

import re
import time
import uuid
from datetime import timedelta

from flask.testing import FlaskClient

from bench.ingest import Row
from bench.installation import Installation, installation
from eqsr.accounts.models import Organisation, Role, User
from eqsr.candidates.models import Application, Candidate
from eqsr.clock import now
from eqsr.connections.folding import search_text
from eqsr.connections.models import AtsJob
from eqsr.db import db, new_id, transaction
from eqsr.invitations.models import Invitation, InvitationState, Trigger
from eqsr.jobs.models import Job, JobKind, JobState, StageLink
from eqsr.ledger.models import Activity
from eqsr.security import hash_password

JOBS = 1000
LIMIT_MS = 100
TRIES = 40
PASSWORD = "only for measuring"
PAGES = (
    ("as it opens", "/jobs"),
    ("searched", "/jobs?q=job+77"),
    ("by invited", "/jobs?order=invited"),
    ("those in trouble", "/jobs?show=trouble"),
)


def measure(database: str, invitations: int) -> list[Row]:
    """p95 of each kind of page, one reader at a time."""
    with installation(database) as place:
        _, key = place.connection()
        email = _fill(place, key, invitations)
        browser = place.app.test_client()
        _log_in(browser, email)
        what = f"jobs, {JOBS:,} with {invitations:,} invitations"
        return [_row(f"{what}: {name}", _p95(browser, path)) for name, path in PAGES]


def _row(what: str, milliseconds: float) -> Row:
    limit = f"p95 < {LIMIT_MS} ms"
    return Row(what, f"p95 {milliseconds:.0f} ms", limit, milliseconds < LIMIT_MS)


def _p95(browser: FlaskClient, path: str) -> float:
    times = []
    for _ in range(TRIES):
        begun = time.monotonic()
        assert browser.get(path).status_code == 200
        times.append(1000 * (time.monotonic() - begun))
    return sorted(times)[int(TRIES * 0.95)]


def _log_in(browser: FlaskClient, email: str) -> None:
    page = browser.get("/login").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    form = {"email": email, "password": PASSWORD, "csrf_token": token}
    assert browser.post("/login", data=form).status_code == 302


def _fill(place: Installation, key: str, invitations: int) -> str:
    """The jobs, each connected, with as many invitations each; the address of who reads them."""
    with place.app.app_context():
        from eqsr.connections.service import by_key

        connection = by_key(key)
        organisation = db.session.get(Organisation, connection.organisation_id)
        email = f"{uuid.uuid4().hex}@bench.example"
        facts = {"password_hash": hash_password(PASSWORD), "role": Role.ADMIN}
        with transaction() as session:
            session.add(User(organisation_id=organisation.id, email=email, **facts))
        for number in range(JOBS):
            _job(organisation.id, connection.id, number, invitations // JOBS)
        if place.environment["DATABASE_URL"].startswith("postgresql"):
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as line:
                line.exec_driver_sql("VACUUM ANALYZE")
        db.session.remove()
    return email


def _job(organisation_id: uuid.UUID, connection_id: uuid.UUID, number: int, each: int) -> None:
    job_id, ats_job_id, moment = new_id(), new_id(), now() - timedelta(minutes=number)
    people = [new_id() for _ in range(each)]
    applications = [new_id() for _ in range(each)]
    mine = {"organisation_id": organisation_id}
    states = list(InvitationState)
    with transaction() as session:
        rows: list[tuple[type, list[dict]]] = [
            (AtsJob, [{"id": ats_job_id, "connection_id": connection_id, **_theirs(number)}]),
            (Job, [{"id": job_id, **mine, **_job_facts(number)}]),
            (StageLink, [{"job_id": job_id, "ats_job_id": ats_job_id, "status": "NEW"}]),
            (
                Candidate,
                [{"id": one, **mine, "first_name": "A", "last_name": "B"} for one in people],
            ),
            (
                Application,
                [
                    {"id": one, **mine, "candidate_id": person, "ats_job_id": ats_job_id}
                    for one, person in zip(applications, people, strict=True)
                ],
            ),
            (
                Invitation,
                [
                    {
                        **mine,
                        "job_id": job_id,
                        "application_id": one,
                        "trigger": Trigger.STAGE,
                        "state": states[place % len(states)],
                        "email": "a@example.org",
                        "expires_at": moment,
                        "queued_at": moment,
                    }
                    for place, one in enumerate(applications)
                ],
            ),
            (
                Activity,
                [
                    {**mine, "kind": "invitation_made", "job_id": job_id, "at": moment}
                    for _ in range(each)
                ],
            ),
        ]
        for model, facts in rows:
            session.execute(model.__table__.insert(), [_whole(model, one) for one in facts])


def _job_facts(number: int) -> dict:
    return {
        "title": f"Job {number}",
        "kind": JobKind.ATS,
        "assessment": "work-style",
        "state": JobState.OPEN if number % 5 else JobState.CLOSED,
    }


def _theirs(number: int) -> dict:
    title, ats_id = f"Theirs {number}", str(new_id())
    return {"title": title, "ats_id": ats_id, "search": search_text(title, "", ats_id)}


def _whole(model: type, facts: dict) -> dict:
    return {"id": new_id()} | facts
