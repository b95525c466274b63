"""Customers with whom every run begins: each has a company, a connection and watched stages."""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox import companies, jobs
from sandbox.scopes import SCOPES
from simulation.product import facts, verbs

if TYPE_CHECKING:
    from simulation.world import Run

Stage = tuple[str, str | None]
NEW: Stage = ("NEW", None)
SCREEN: Stage = ("IN_REVIEW", "Phone screen")
WANTED: Stage = ("IN_REVIEW", "Assessment")
INTERVIEW: Stage = ("INTERVIEW", None)
# Named like the watched one, under another status.
DECOY: Stage = ("INTERVIEW", "Assessment")
REJECTED: Stage = ("REJECTED", None)
HIRED: Stage = ("HIRED", None)
OTHERS = (NEW, SCREEN, INTERVIEW, REJECTED)

NUMBER = 3
# The second job of each customer waits this long after a move, in minutes.
GRACE = 30
DAYS = (5, 14)
# The last customer's second job has a game before its questions.
QUESTIONS, WITH_GAME = "work-style", "matrix+work-style"


@dataclass(frozen=True)
class Customer:
    """One customer. The third of ``ats_jobs`` is not connected; ``jobs`` are ours."""

    number: int
    company: str
    organisation_id: uuid.UUID
    connection_id: uuid.UUID
    credential_id: str
    admin: str
    ats_jobs: tuple[str, str, str]
    jobs: tuple[uuid.UUID, uuid.UUID]
    titles: tuple[str, str]
    connected_at: float

    @property
    def name(self) -> str:
        """What people call it."""
        return f"Company {self.number}"


def connect_all(run: "Run") -> list[Customer]:
    """Make the customers and let them connect, with one web process and one worker."""
    run.add_web("web 1")
    run.add_worker("worker 1")
    made = [_begin(run, number) for number in range(NUMBER)]
    run.scheduler.run(1800.0)
    with run.context():
        for organisation_id, *_ in made:
            state = facts.connection_state(organisation_id)
            if state != "active":
                raise RuntimeError(f"a customer did not get connected: {state}")
    return [_connect_jobs(run, number, *one) for number, one in enumerate(made)]


def _begin(run: "Run", number: int) -> tuple[uuid.UUID, uuid.UUID, str, str, tuple[str, str, str]]:
    world = run.smartrecruiters.world
    company = companies.create_company(world, f"Company {number}")
    for process in company.processes.values():
        process.sub_statuses[DECOY[0]] = ["On-site", "Assessment"]
    ats = [jobs.create_job(world, company, f"Opening {n}", quiet=True).id for n in range(3)]
    credential = world.add_credential(company, "oauth", "eqsr", frozenset(SCOPES))
    admin = admin_of(number)
    with run.context():
        organisation_id = verbs.create_customer(f"Company {number}", f"company-{number}", admin)
        connection_id = verbs.begin_connection(
            organisation_id, credential.client_id, credential.secret
        )
    return organisation_id, connection_id, company.id, credential.id, (ats[0], ats[1], ats[2])


def admin_of(number: int) -> str:
    """The address of a customer's admin."""
    return f"admin@company-{number}.example"


def _connect_jobs(
    run: "Run",
    number: int,
    organisation_id: uuid.UUID,
    connection_id: uuid.UUID,
    company: str,
    credential_id: str,
    ats_jobs: tuple[str, str, str],
) -> Customer:
    titles = (f"Vacancy {number}-0", f"Vacancy {number}-1")
    asked = (QUESTIONS, WITH_GAME if number == NUMBER - 1 else QUESTIONS)
    with run.context():
        ours = [
            verbs.create_job(organisation_id, title, days, assessment)
            for title, days, assessment in zip(titles, DAYS, asked, strict=True)
        ]
        for job, ats_job, grace in zip(ours, ats_jobs[:2], (0, GRACE), strict=True):
            verbs.connect_job(organisation_id, job, ats_job, WANTED, grace)
    return Customer(
        number,
        company,
        organisation_id,
        connection_id,
        credential_id,
        admin_of(number),
        ats_jobs,
        (ours[0], ours[1]),
        titles,
        run.clock.elapsed,
    )
