"""Customers, each with a SmartRecruiters company, and the recruiters who move candidates there."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import requests
from sqlalchemy import select

from eqsr.accounts.models import Organisation, Role, User
from eqsr.connections import job_lookup
from eqsr.connections import service as connections
from eqsr.connections.models import ConnectionState
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.instruments.catalogue import assessments
from eqsr.invitations.decisions import CLOCK_SKEW
from eqsr.jobs import service as jobs
from eqsr.jobs.models import JobKind
from tests.services.processes import eventually
from tests.services.sandbox import Sandbox
from tools.chaos.installation import Installation
from tools.chaos.plan import CONNECTED, UNCONNECTED, WANTED, Person, Stage, Step


@dataclass
class Customer:
    """One customer. ``company`` and ``ats_jobs`` are the sandbox's ids.

    ``titles`` are the titles of our jobs. The subject of an invitation contains the title, so it
    identifies the mail's job.
    """

    number: int
    company: str
    ats_jobs: list[str]
    titles: list[str]
    organisation_id: uuid.UUID
    connection_id: uuid.UUID
    people: list[Person] = field(default_factory=list)
    connected_at: datetime | None = None

    def job_index(self, ats_job: str) -> int:
        return self.ats_jobs.index(ats_job)


def connect_customers(here: Installation, number: int, people: list[Person]) -> list[Customer]:
    """Create organisations, each with a working connection and two connected jobs.

    People who are in the stage ``before`` the connection are added first.
    """
    begun = [_begin(here, n, [p for p in people if p.customer == n]) for n in range(number)]
    for customer in begun:
        if not eventually(lambda customer=customer: _ready(here, customer), 90):
            raise RuntimeError(f"customer {customer.number} did not get connected")
        _connect_jobs(here, customer)
    return begun


def _begin(here: Installation, number: int, people: list[Person]) -> Customer:
    box = here.box
    company = box.post("companies", {"name": f"Company {number}"})["id"]
    ats_jobs = [
        box.post(f"companies/{company}/jobs", {"title": f"Opening {n}", "quiet": True})["id"]
        for n in (*CONNECTED, UNCONNECTED)
    ]
    credential = box.post(f"companies/{company}/credentials", {"name": "Assessments"})
    with here.app.app_context(), transaction() as session:
        organisation = Organisation(name=f"Company {number}", slug=f"company-{number}")
        session.add(organisation)
        session.flush()
        email = admin_of(number)
        session.add(User(email=email, organisation_id=organisation.id, role=Role.ADMIN))
        organisation_id = organisation.id
        connection = connections.begin(
            organisation_id, credential["clientId"], credential["clientSecret"]
        )
        connection_id = connection.id
    titles = [f"Vacancy {number}-{n}" for n in CONNECTED]
    customer = Customer(
        number, company, ats_jobs, titles, organisation_id, connection_id, people=people
    )
    early = [person for person in people if person.before]
    _enter(box, customer, [(person, 0, person.before) for person in early], quiet=True)
    return customer


def admin_of(number: int) -> str:
    """Return the address of a customer's admin, who gets a mail about each credential change."""
    return f"admin@company-{number}.example"


def _ready(here: Installation, customer: Customer) -> bool:
    with here.app.app_context():
        connection = connections.get(customer.connection_id)
        ready = connection.state is ConnectionState.ACTIVE and connection.jobs_synced_at
        db.session.remove()
        return bool(ready)


def _connect_jobs(here: Installation, customer: Customer) -> None:
    with here.app.app_context():
        user = db.session.scalar(
            select(User).where(User.organisation_id == customer.organisation_id)
        )
        connection = connections.get(customer.connection_id)
        for index, title in zip(CONNECTED, customer.titles, strict=True):
            job = jobs.create_job(
                customer.organisation_id, title, JobKind.ATS, assessments()[0].id, user
            )
            found = job_lookup.find_job(connection, customer.ats_jobs[index])
            link = jobs.connect(job, found, *WANTED, user)
            # Undo the tolerance for clock differences: here both clocks are the same, so people who
            # were in the stage a moment ago must count as having been there before.
            with transaction():
                link.since = link.counts_from = now() + CLOCK_SKEW
        customer.connected_at = now()
        db.session.remove()


class Recruiters:
    """Carry out the plan; a recruiter's simultaneous moves are sent in one call."""

    def __init__(self, box: Sandbox, customers: list[Customer]) -> None:
        self._box = box
        self._steps: list[tuple[float, int, Customer, Person, Step]] = sorted(
            (
                (step.at, order, customer, person, step)
                for customer in customers
                for person in customer.people
                for order, step in enumerate(person.steps)
            ),
            key=lambda each: (each[0], each[3].number, each[1]),
        )
        self.done = 0

    def act_until(self, fraction: float) -> None:
        """Do everything that is planned up to this fraction of the storm."""
        due: dict[int, list[tuple[Customer, Person, Step]]] = defaultdict(list)
        while self.done < len(self._steps) and self._steps[self.done][0] <= fraction:
            _, _, customer, person, step = self._steps[self.done]
            due[customer.number].append((customer, person, step))
            self.done += 1
        for steps in due.values():
            self._act(steps)

    def _act(self, steps: list[tuple[Customer, Person, Step]]) -> None:
        moves: list[dict[str, Any]] = []
        for customer, person, step in steps:
            if step.action == "move":
                moves.append(_where(person, customer, step.job, step.stage))
                continue
            self._flush(customer, moves)
            self._do(customer, person, step)
        self._flush(steps[-1][0], moves)

    def _flush(self, customer: Customer, moves: list[dict[str, Any]]) -> None:
        if moves:
            self._box.post(f"companies/{customer.company}/moves", {"moves": moves})
            moves.clear()

    def _do(self, customer: Customer, person: Person, step: Step) -> None:
        there = f"companies/{customer.company}"
        if step.action == "apply" and not person.candidate_id:
            # Every second application is created without an event, like an import.
            quiet = person.number % 2 == 0 and step.stage != WANTED
            _enter(self._box, customer, [(person, step.job, step.stage)], quiet=quiet)
        elif step.action == "apply":
            where = _where(person, customer, step.job, step.stage)
            self._box.post(f"{there}/applications", where)
        elif step.action == "email":
            self._box.post(f"{there}/candidates/{person.candidate_id}", {"email": step.email})
        elif step.action == "transfer":
            jobs = {"fromJobId": customer.ats_jobs[0], "toJobId": customer.ats_jobs[step.job]}
            self._box.post(f"{there}/transfers", {"candidateId": person.candidate_id} | jobs)
        elif step.action == "merge":
            other = {"firstName": "Merged", "email": f"again.{person.email}", "quiet": True}
            into = self._box.post(f"{there}/candidates", other)["id"]
            ids = {"fromCandidateId": person.candidate_id, "intoCandidateId": into}
            self._box.post(f"{there}/merges", ids)
        elif step.action == "delete":
            address = f"{self._box.url}/sandbox/api/{there}/candidates/{person.candidate_id}"
            requests.delete(address, timeout=30).raise_for_status()
        else:
            raise ValueError(step.action)


def _enter(
    box: Sandbox, customer: Customer, people: list[tuple[Person, int, Stage]], *, quiet: bool
) -> None:
    if not people:
        return
    rows = [
        {
            "firstName": person.name,
            "email": person.email,
            "jobId": customer.ats_jobs[job],
            "status": status,
            "subStatus": sub_status,
            "quiet": quiet,
        }
        for person, job, (status, sub_status) in people
    ]
    made = box.post(f"companies/{customer.company}/candidates/bulk", {"candidates": rows})
    for (person, _, _), one in zip(people, made, strict=True):
        person.candidate_id = one["id"]


def _where(person: Person, customer: Customer, job: int, stage: Stage) -> dict[str, Any]:
    return {
        "candidateId": person.candidate_id,
        "jobId": customer.ats_jobs[job],
        "status": stage[0],
        "subStatus": stage[1],
    }
