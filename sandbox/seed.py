"""The sandbox's initial data: ``demo`` (two believable companies) or ``empty``.

Ids of seeded jobs, candidates and applications are the same at every start.
"""

import random
import uuid
from typing import Any

from . import companies, hiring, jobs
from .messages_api import add_note
from .seed_data import (
    ACME_JOBS,
    AWKWARD_CANDIDATES,
    FIRST_NAMES,
    LAST_NAMES,
    NORTHWIND_JOBS,
    STAGES,
    JobSeed,
)
from .state import Company, HiringProcess, Job

SEEDS = ("demo", "empty")
_NAMESPACE = uuid.UUID("6d1d4e3a-6f0f-5a59-9a3e-6f5f1d0c2b11")
_DAY = 24 * 3600
_NORTHWIND_CANDIDATES = 60
_ACME_CANDIDATES = 8
# Most of the believable candidates apply for the first jobs, as in real life.
_JOB_WEIGHTS = (14, 9, 8, 7, 6, 5, 4, 4, 3, 3, 2, 1, 1, 1)


def plant(world: Any, name: str) -> None:
    """Fill an empty world."""
    if name == "empty":
        return
    with world.lock:
        _plant_northwind(world)
        _plant_acme(world)


def seed_id(*words: object) -> str:
    """Return an id computed from these words, the same at every start."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(map(str, words))))


def _plant_northwind(world: Any) -> None:
    company = companies.create_company(world, "Northwind Logistics", "NorthwindLogistics")
    sales = companies.add_process(
        company,
        "Commercial roles",
        {
            "IN_REVIEW": ["CV screen", "Work-style assessment"],
            "INTERVIEW": ["Video call", "Case", "Meet the team"],
            "OFFERED": ["Offer prepared", "Offer sent"],
        },
    )
    _add_jobs(world, company, NORTHWIND_JOBS, sales)
    open_jobs = list(company.jobs.values())
    rng = random.Random(20260513)
    for number in range(1, _NORTHWIND_CANDIDATES - len(AWKWARD_CANDIDATES) + 1):
        first = FIRST_NAMES[(number - 1) % len(FIRST_NAMES)]
        last = LAST_NAMES[(number * 7) % len(LAST_NAMES)]
        email = f"{first}.{last}".lower().replace(" ", "").replace("'", "") + "@example.org"
        job = rng.choices(open_jobs, _JOB_WEIGHTS)[0]
        _add_candidate(world, company, number, first, last, email, job, rng)
    for number, (first, last, awkward_email) in enumerate(AWKWARD_CANDIDATES, 101):
        _add_candidate(world, company, number, first, last, awkward_email, open_jobs[0], rng)
    both = next(iter(company.candidates.values()))
    other = next(job for job in open_jobs if job.id not in both.applications)
    hiring.apply(
        world,
        company,
        both,
        other,
        application_id=seed_id(company.id, "application", "second"),
        created_on=round(world.clock.now() - _DAY, 3),
        quiet=True,
    )
    add_note(
        world,
        company,
        f"#[CANDIDATE:{both.id}] Called on Monday, keen to start in spring. "
        "Portfolio: https://portfolio.example.org/work",
        [both.id],
        "OPEN",
        "Robin Recruiter",
    )


def _plant_acme(world: Any) -> None:
    company = companies.create_company(world, "Acme Foods", "AcmeFoods")
    _add_jobs(world, company, ACME_JOBS, next(iter(company.processes.values())))
    open_jobs, rng = list(company.jobs.values()), random.Random(7)
    for number in range(1, _ACME_CANDIDATES + 1):
        first = FIRST_NAMES[-number]
        last = LAST_NAMES[number * 3]
        email = f"{first}.{last}".lower().replace(" ", "").replace("'", "") + "@example.net"
        job = open_jobs[number % len(open_jobs)]
        _add_candidate(world, company, number, first, last, email, job, rng)


def _add_jobs(
    world: Any, company: Company, seeds: tuple[JobSeed, ...], commercial: HiringProcess
) -> None:
    default = next(iter(company.processes))
    for number, (title, department, city, status, is_commercial) in enumerate(seeds, 1):
        jobs.create_job(
            world,
            company,
            title,
            ref_number=f"REF{130 + number * 7}{'ABCDEFGHJKLMNP'[number % 14]}",
            status=status,
            process_id=commercial.id if is_commercial else default,
            department={"id": f"{9000 + sum(map(ord, department))}", "label": department},
            location=jobs.AMSTERDAM | {"city": city, "address": None, "postalCode": None},
            language="nl" if title.endswith("(NL)") else "en",
            description=f"We look for a colleague in {department.lower()} in {city}.",
            job_id=seed_id(company.id, "job", number),
            created_on=world.clock.now() - (60 - number * 3) * _DAY,
            quiet=True,
        )


def _add_candidate(
    world: Any,
    company: Company,
    number: int,
    first: str,
    last: str,
    email: str | None,
    job: Job,
    rng: random.Random,
) -> None:
    created_on = round(world.clock.now() - rng.uniform(2, 20) * _DAY, 3)
    candidate = hiring.create_candidate(
        world,
        company,
        first,
        last,
        email,
        phone=f"+31 6 5550 {number:04d}",
        candidate_id=seed_id(company.id, "candidate", number),
        created_on=created_on,
        quiet=True,
    )
    application = hiring.apply(
        world,
        company,
        candidate,
        job,
        application_id=seed_id(company.id, "application", number),
        created_on=created_on,
        quiet=True,
    )
    status = rng.choices(list(STAGES), list(STAGES.values()))[0]
    if status == "NEW" or number > 100:
        return
    names = company.processes[job.process_id].sub_statuses.get(status, [])
    hiring.move(world, company, application, status, names[0] if names else None)
    moved_on = round(created_on + rng.uniform(0.2, 1.9) * _DAY, 3)
    application.history[-1]["changedOn"] = candidate.updated_on = moved_on
