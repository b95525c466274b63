"""Time from stage move to accepted invitation: one customer's burst under SmartRecruiters'
limits, and another customer's single move at the same time.
"""

import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from bench.ingest import Row
from bench.installation import Installation, installation, resident_mb
from eqsr.accounts.models import Organisation, Role, User
from eqsr.connections import job_lookup
from eqsr.connections import service as connections
from eqsr.connections.models import Connection, ConnectionState
from eqsr.core.db import db, transaction
from eqsr.jobs import service as jobs
from eqsr.jobs.models import JobKind
from tests.services.processes import eventually
from tests.services.sandbox import Sandbox, sandbox

# SmartRecruiters' documented limit per endpoint and credential.
PER_SECOND = 10
STAGE = {"status": "IN_REVIEW", "subStatus": "Assessment"}


@dataclass(frozen=True)
class Customer:
    company: str
    ats_job: str


def measure(database: str, count: int, workers: int = 2) -> list[Row]:
    with sandbox_for_bench() as box:
        variables = {"SMARTRECRUITERS_API_URL": box.url, "MAIL_URL": box.mail_url}
        with installation(database, **variables) as bench:
            web = bench.start_web()
            crew = [bench.start(f"worker{n}", "worker.py") for n in range(workers)]
            crowd, single = _customer(bench, box, "Crowd"), _customer(bench, box, "Single")
            seconds, meanwhile = _race(box, crowd, single, count)
            memory = max(resident_mb(worker.pid) for worker in crew)
            web_memory = resident_mb(web.pid)
    own_time = count / PER_SECOND
    ratio = seconds / own_time
    return [
        Row(f"{count:,} moves of a customer, {workers} workers", f"{seconds:.1f} s", "", True),
        Row("against the limit's own time", f"{ratio:.2f}", "<= 1.15", ratio <= 1.15),
        Row("another's single move meanwhile", f"{meanwhile:.2f} s", "< 2 s", meanwhile < 2),
        Row(
            "worker, web after that",
            f"{memory:.0f}, {web_memory:.0f} MB",
            "< 130, < 150",
            memory < 130 and web_memory < 150,
        ),
    ]


@contextmanager
def sandbox_for_bench() -> Iterator[Sandbox]:
    with (
        tempfile.TemporaryDirectory(prefix="eqsr-bench-") as folder,
        sandbox(Path(folder) / "sandbox.log", "--seed", "empty", recorded=False) as box,
    ):
        yield box


def _customer(bench: Installation, box: Sandbox, name: str) -> Customer:
    company = box.post("companies", {"name": name})["id"]
    process = {"name": "Default", "subStatuses": {"IN_REVIEW": ["Assessment"]}}
    box.post(f"companies/{company}/hiring-processes", process)
    ats_job = box.post(f"companies/{company}/jobs", {"title": name, "quiet": True})["id"]
    key = box.post(f"companies/{company}/credentials", {"name": "bench", "scopes": "all"})
    with bench.app.app_context():
        with transaction() as session:
            organisation = Organisation(name=name, slug=f"{name.lower()}-{uuid.uuid4().hex[:6]}")
            session.add(organisation)
            session.flush()
            user = User(
                organisation_id=organisation.id, email=f"a@{organisation.slug}", role=Role.ADMIN
            )
            session.add(user)
        begun = connections.begin(organisation.id, key["clientId"], key["clientSecret"])
        assert eventually(lambda: _active(begun.id), 60), "the connection was not made"
        job = jobs.create_job(organisation.id, name, JobKind.ATS, "work-style", user)
        connection = db.session.get(Connection, begun.id, populate_existing=True)
        jobs.connect(job, job_lookup.find_job(connection, ats_job), *STAGE.values(), user)
        db.session.remove()
    return Customer(company, ats_job)


def _invited(box: Sandbox) -> list:
    """Return the candidates' mails only; admins also get mails about their connection."""
    return box.get("mails", to="@example.org", brief=1)


def _active(connection_id: uuid.UUID) -> bool:
    state = db.session.scalar(select(Connection.state).where(Connection.id == connection_id))
    db.session.remove()
    return state is ConnectionState.ACTIVE


def _race(box: Sandbox, crowd: Customer, single: Customer, count: int) -> tuple[float, float]:
    people = box.post(
        f"companies/{crowd.company}/candidates/bulk",
        {"count": count, "jobId": crowd.ats_job, "quiet": True},
    )
    other = box.post(
        f"companies/{single.company}/candidates",
        {
            "firstName": "Solo",
            "lastName": "Mover",
            "email": "solo@example.org",
            "jobId": single.ats_job,
            "quiet": True,
        },
    )
    moves = [{"candidateId": one["id"], "jobId": crowd.ats_job} | STAGE for one in people]
    started = time.monotonic()
    box.post(f"companies/{crowd.company}/moves", {"moves": moves})
    eventually(lambda: len(_invited(box)) >= max(10, count // 10), 300)
    moved = time.monotonic()
    box.post(
        f"companies/{single.company}/moves",
        {"candidateId": other["id"], "jobId": single.ats_job} | STAGE,
    )
    assert eventually(lambda: box.get("mails", to="solo@example.org", brief=1), 60)
    meanwhile = time.monotonic() - moved
    assert eventually(lambda: len(_invited(box)) >= count + 1, 3 * count / PER_SECOND)
    return time.monotonic() - started, meanwhile
