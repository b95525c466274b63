"""Many people who have finished, written straight into the database."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select

from eqsr.candidates.models import Application, Candidate
from eqsr.connections.models import AtsJob, Connection, ConnectionState
from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.db import transaction
from eqsr.instruments import catalogue
from eqsr.invitations.models import Invitation, InvitationState, Trigger
from eqsr.jobs.models import Job, JobKind, JobState, StageLink
from eqsr.sittings import score_store
from eqsr.sittings.models import Answer, Sitting
from tests.world import World

WORK_STYLE = catalogue.instrument("work-style")


def answers_of(level: int) -> dict[int, int]:
    """Answers of somebody on ``level`` (0 to 6): more of every scale, the higher it is."""
    given = {}
    for item in WORK_STYLE.items:
        value = 2 + (level + item.number // 5) % 3 if level < 6 else 4
        value = min(5, max(1, value + (level - 3) // 2))
        given[item.number] = value if item.keyed == 1 else 6 - value
    return given


def crowd(
    world: World, levels: list[int], statuses: list[str] | None = None, title: str = "Planner"
) -> tuple[uuid.UUID, list[uuid.UUID]]:
    """One finished and scored person of Northwind per level, on one job: (job, invitations).

    ``statuses`` are SmartRecruiters' of today; they were invited in IN_REVIEW.
    """
    statuses = statuses or ["IN_REVIEW"] * len(levels)
    with world.app.app_context(), transaction() as session:
        connection = session.scalar(
            select(Connection).where(Connection.organisation_id == world.northwind)
        )
        if connection is None:
            connection = Connection(
                organisation_id=world.northwind, key=str(new_id()), state=ConnectionState.ACTIVE
            )
            session.add(connection)
            session.flush()
        ats_job = AtsJob(connection_id=connection.id, ats_id=str(new_id()), title=title)
        job = Job(
            organisation_id=world.northwind,
            title=title,
            kind=JobKind.ATS,
            assessment="work-style",
            state=JobState.OPEN,
        )
        session.add_all([ats_job, job])
        session.flush()
        link = StageLink(job_id=job.id, ats_job_id=ats_job.id, status="IN_REVIEW")
        session.add(link)
        session.flush()
        moment = now() - timedelta(hours=1)
        invitations = [
            _finished(session, world, job, link, number, level, status, moment)
            for number, (level, status) in enumerate(zip(levels, statuses, strict=True))
        ]
        return job.id, invitations


def _finished(
    session,
    world: World,
    job: Job,
    link: StageLink,
    number: int,
    level: int,
    status: str,
    moment: datetime,
) -> uuid.UUID:
    candidate = Candidate(
        organisation_id=world.northwind, ats_id=str(new_id()), first_name=f"Nr {number}"
    )
    application = Application(
        organisation_id=world.northwind,
        candidate=candidate,
        ats_job_id=link.ats_job_id,
        status=status,
        read_at=now(),
    )
    session.add_all([candidate, application])
    session.flush()
    invitation = Invitation(
        organisation_id=world.northwind,
        job_id=job.id,
        application_id=application.id,
        stage_link_id=link.id,
        trigger=Trigger.STAGE,
        state=InvitationState.COMPLETED,
        email=f"nr{number}@mail.example",
        sent_at=moment,
        started_at=moment,
        completed_at=moment,
        expires_at=moment + timedelta(days=14),
    )
    session.add(invitation)
    session.flush()
    sitting = Sitting(
        invitation_id=invitation.id,
        instrument=WORK_STYLE.id,
        instrument_version=WORK_STYLE.version,
        finished_at=moment + timedelta(seconds=number),
    )
    session.add(sitting)
    session.flush()
    session.add_all(
        Answer(sitting_id=sitting.id, item=item, value=value)
        for item, value in answers_of(level).items()
    )
    session.flush()
    score_store.store(session, sitting, score_store.result_of(sitting))
    return invitation.id
