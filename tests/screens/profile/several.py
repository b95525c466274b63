"""Several candidates of one job who completed the assessment, with scores of their own."""

import uuid
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.candidates.models import Application, Candidate
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.instruments import catalogue, scoring
from eqsr.instruments.catalogue import Instrument
from eqsr.invitations.models import Invitation, InvitationState, Trigger
from eqsr.jobs.models import Job, JobKind, JobState
from eqsr.sittings.models import Score, Sitting
from eqsr.teams.models import JobMember
from tests.world import World

WORK_STYLE = catalogue.instrument("work-style")


def make_job(world: World, title: str = "Planner") -> uuid.UUID:
    with world.app.app_context(), transaction() as session:
        job = Job(
            organisation_id=world.northwind,
            title=title,
            kind=JobKind.LINK,
            assessment="work-style",
            state=JobState.OPEN,
        )
        session.add(job)
        session.flush()
        join(session, job.id)
        return job.id


def join(session, job_id: uuid.UUID, email: str = World.bob) -> None:
    """Put somebody on a job's team."""
    user = session.scalar(select(User).where(User.email == email))
    session.add(JobMember(job_id=job_id, user_id=user.id))


def completes(
    world: World,
    job_id: uuid.UUID,
    name: str,
    answers: dict[int, int],
    instrument: Instrument = WORK_STYLE,
) -> Invitation:
    """``name`` completes the job's assessment with these answers, item number -> value."""
    given = {number: scoring.ItemResponse(value) for number, value in answers.items()}
    result = scoring.score(instrument, given, instrument.norm)
    first, _, last = name.partition(" ")
    with world.app.app_context(), transaction() as session:
        candidate = Candidate(
            organisation_id=world.northwind,
            first_name=first,
            last_name=last,
            email=f"{first.lower()}@mail.example",
        )
        application = Application(
            organisation_id=world.northwind, candidate=candidate, link_job_id=job_id
        )
        session.add(application)
        session.flush()
        invitation = Invitation(
            organisation_id=world.northwind,
            job_id=job_id,
            application_id=application.id,
            trigger=Trigger.LINK,
            state=InvitationState.COMPLETED,
            email=candidate.email,
            completed_at=now(),
            expires_at=now() + timedelta(days=7),
        )
        session.add(invitation)
        session.flush()
        sitting = Sitting(
            invitation_id=invitation.id,
            instrument=instrument.id,
            instrument_version=instrument.version,
            finished_at=now(),
            quality=[asdict(flag) for flag in result.quality.flags],
        )
        session.add(sitting)
        session.flush()
        for scale in (*result.scales, *result.facets):
            session.add(
                Score(
                    sitting_id=sitting.id,
                    scale=scale.scale,
                    norm_id=scale.norm_id,
                    norm_version=scale.norm_version,
                    outcome=asdict(scale),
                )
            )
        session.flush()
        return session.scalar(select(Invitation).where(Invitation.id == invitation.id))


def answers(instrument: Instrument = WORK_STYLE, **levels: int) -> dict[int, int]:
    """A steady answerer; ``extraversion=5`` lifts that scale's answers, 1 lowers them."""
    found = {}
    for item in instrument.items:
        towards = levels.get(item.scale)
        if towards is None:
            towards = 4 if item.number % 3 else 3
        found[item.number] = towards if item.keyed == 1 else 6 - towards
    return found


CARELESS = dict.fromkeys((item.number for item in WORK_STYLE.items), 3)
