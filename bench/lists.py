"""Response times of pages over large data: the overview with 1,000 jobs and 200,000 invitations,
a job with 5,000 invitations, and a keystroke in the Connect dialog over 20,000 SmartRecruiters
jobs.
"""

import re
import time
import uuid
from datetime import timedelta

from flask.testing import FlaskClient

from bench.ingest import Row
from bench.installation import Installation, installation
from eqsr.accounts.models import Organisation, Role, User
from eqsr.activity.models import Activity
from eqsr.candidates.models import Application, Candidate
from eqsr.connections.models import AtsJob
from eqsr.connections.search_text import search_text
from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.db import db, transaction
from eqsr.core.password_hashes import hash_password
from eqsr.invitations.models import Invitation, InvitationState, Trigger
from eqsr.jobs.models import Job, JobKind, JobState, StageLink

JOBS = 1000
INVITATIONS_OF_ONE = 5000
MIRRORED = 20_000
LIMIT_MS = 100
KEYSTROKE_MS = 50
TRIES = 100
# Warm-up: the first requests of a process compile its templates.
WARM_UP = 3
PASSWORD = "only for measuring"
PAGES = (
    ("as it opens", "/jobs"),
    ("searched", "/jobs?q=job+77"),
    ("by invited", "/jobs?order=invited"),
    ("those in trouble", "/jobs?show=trouble"),
)
# Typical searches: a letter, a word, two words, a reference, a title that no job has.
TYPED = ("e", "engineer", "engineer lyon", "ref 19999", "zebra")


def measure(database: str, invitations: int) -> list[Row]:
    """Return the 95th percentile for each kind of page, with one reader at a time."""
    with installation(database) as place:
        _, key = place.connection()
        email = _fill(place, key, invitations)
        browser = place.app.test_client()
        _log_in(browser, email)
        what = f"jobs, {JOBS:,} with {invitations:,} invitations"
        large, unconnected = _two_jobs(place, key)
        rows = [_row(f"{what}: {name}", _p95(browser, path)) for name, path in PAGES]
        what = f"a job with {INVITATIONS_OF_ONE:,} invitations"
        rows.append(_row(f"{what}: first page", _p95(browser, f"/jobs/{large}")))
        rows.append(_row(f"{what}: page 40", _p95(browser, f"/jobs/{large}?page=40")))
        slowest = max(_p95(browser, f"/jobs/{unconnected}/connect/jobs?q={text}") for text in TYPED)
        rows.append(_row(f"a keystroke over {MIRRORED:,} jobs", slowest, KEYSTROKE_MS))
        return rows


def _row(what: str, milliseconds: float, limit: int = LIMIT_MS) -> Row:
    return Row(what, f"p95 {milliseconds:.0f} ms", f"p95 < {limit} ms", milliseconds < limit)


def _p95(browser: FlaskClient, path: str) -> float:
    times = []
    for _ in range(WARM_UP):
        browser.get(path)
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
    """Create connected jobs with equally many invitations; return the reader's address."""
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


# Stored without the session, which would fold the name.
_PERSON = {"first_name": "A", "last_name": "B", "search": "a b\n", "sort_name": "b a"}


def _two_jobs(place: Installation, key: str) -> tuple[uuid.UUID, uuid.UUID]:
    """Create a job with many invitations, and one to connect to one of very many jobs."""
    with place.app.app_context():
        from eqsr.connections.service import by_key

        connection = by_key(key)
        organisation_id, connection_id = connection.organisation_id, connection.id
        large = _job(organisation_id, connection_id, JOBS, INVITATIONS_OF_ONE)
        facts = {"id": new_id(), "organisation_id": organisation_id, **_job_facts(JOBS + 1)}
        cities = ("Lyon", "Gent", "Köln", "Utrecht")
        mirrored = [
            {
                "id": new_id(),
                "connection_id": connection_id,
                "updated_on": now() - timedelta(minutes=number),
                **_theirs(JOBS + number, f"Engineer {cities[number % 4]}", f"REF {number}"),
            }
            for number in range(1, MIRRORED)
        ]
        with transaction() as session:
            session.execute(Job.__table__.insert(), [facts])
            session.execute(AtsJob.__table__.insert(), mirrored)
        db.session.remove()
        return large, facts["id"]


def _job(organisation_id: uuid.UUID, connection_id: uuid.UUID, number: int, each: int) -> uuid.UUID:
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
                [{"id": one, **mine, **_PERSON} for one in people],
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
    return job_id


def _job_facts(number: int) -> dict:
    return {
        "title": f"Job {number}",
        "search": f"job {number}",
        "kind": JobKind.ATS,
        "assessment": "work-style",
        "state": JobState.OPEN if number % 5 else JobState.CLOSED,
    }


def _theirs(number: int, title: str = "Theirs", reference: str = "") -> dict:
    title, ats_id = f"{title} {number}", str(new_id())
    search = search_text(title, reference, ats_id)
    return {"title": title, "ats_id": ats_id, "ref_number": reference, "search": search}


def _whole(model: type, facts: dict) -> dict:
    return {"id": new_id()} | facts
