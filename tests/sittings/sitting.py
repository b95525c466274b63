"""A candidate with an invitation, and the browser in which they take it."""

import json
import uuid
from dataclasses import asdict, dataclass
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from eqsr.activity.models import Activity
from eqsr.candidates.models import Application, Candidate
from eqsr.connections.models import AtsJob, Connection, ConnectionState
from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.db import db, transaction
from eqsr.instruments import catalogue
from eqsr.invitations import links
from eqsr.invitations.models import Invitation, InvitationState, Trigger
from eqsr.jobs.models import Job, JobKind, JobState
from eqsr.sittings.models import Answer, Score, Sitting
from tests.world import World

ITEMS = [item.number for item in catalogue.instrument("work-style").items]
# The five scales take turns, so this pattern is neither a run nor a contradiction.
HONEST = {
    item.number: (4 if item.keyed == 1 else 2) if item.number % 4 else 3
    for item in catalogue.instrument("work-style").items
}


@dataclass(frozen=True)
class Person:
    """An invited candidate; ``path`` is the personal link's path."""

    app: Flask
    candidate: uuid.UUID
    application: uuid.UUID
    invitation: uuid.UUID
    path: str


def invite(
    world: World,
    *,
    first="Priya",
    last="Natarajan",
    days=14,
    title="Planner",
    assessment="work-style",
) -> Person:
    """Somebody on a SmartRecruiters job of Northwind, invited by a stage move."""
    with world.app.app_context(), transaction() as session:
        ats_job = _ats_job(session, world.northwind)
        job = _job(world.northwind, title, JobKind.ATS, assessment=assessment)
        candidate = Candidate(
            organisation_id=world.northwind,
            ats_id=str(new_id()),
            first_name=first,
            last_name=last,
            email="priya@mail.example",
        )
        application = Application(
            organisation_id=world.northwind,
            candidate=candidate,
            ats_job=ats_job,
            status="INTERVIEW",
            sub_status="Assessment",
            stage_since=now(),
            read_at=now(),
        )
        session.add_all([job, candidate, application])
        session.flush()
        invitation = Invitation(
            organisation_id=world.northwind,
            job_id=job.id,
            application_id=application.id,
            trigger=Trigger.STAGE,
            state=InvitationState.SENT,
            sent_at=now(),
            email="priya@mail.example",
            expires_at=now() + timedelta(days=days),
        )
        session.add(invitation)
        session.flush()
        path = _path(world.app, links.take_url(invitation))
        return Person(world.app, candidate.id, application.id, invitation.id, path)


def share(world: World, state: JobState = JobState.OPEN, assessment="work-style") -> str:
    """The path of the open link of a job of Northwind."""
    with world.app.app_context(), transaction() as session:
        job = _job(world.northwind, "Warehouse lead", JobKind.LINK, state, assessment)
        session.add(job)
        session.flush()
        return _path(world.app, links.share_url(job))


def press(browser: FlaskClient, page: str, action: str, **fields) -> TestResponse:
    """Send the form of ``page`` that goes to ``action``, as a browser without JavaScript would."""
    text = browser.get(page).get_data(as_text=True)
    assert f'action="{action}"' in text, f"{page} has no form that goes to {action}"
    return browser.post(action, data=fields)


def start(browser: FlaskClient, person: Person) -> TestResponse:
    return press(browser, person.path, f"{person.path}/start")


def answer_page(browser: FlaskClient, person: Person, page: int, answers=HONEST, **more):
    """Answer the questions of a page and press Continue."""
    on_page = ITEMS[(page - 1) * 5 : page * 5]
    fields = {f"item-{item}": answers[item] for item in on_page if item in answers}
    address = f"{person.path}/questions/{page}"
    return press(browser, address, address, **fields, **more)


def answer_all(browser: FlaskClient, person: Person, answers=HONEST) -> None:
    start(browser, person)
    for page in range(1, 11):
        answer_page(browser, person, page, answers, leave_open="1")


def send(browser: FlaskClient, person: Person, **fields) -> TestResponse:
    """One answer, as the page's script sends it."""
    return browser.post(f"{person.path}/answer", data=fields)


def stored(person: Person) -> dict[int, Answer]:
    with person.app.app_context():
        rows = db.session.scalars(
            select(Answer).join(Sitting).where(Sitting.invitation_id == person.invitation)
        ).all()
        return {row.item: row for row in rows}


def scores(person: Person) -> list[Score]:
    with person.app.app_context():
        query = select(Score).join(Sitting).where(Sitting.invitation_id == person.invitation)
        return list(db.session.scalars(query))


def invitation(person: Person) -> Invitation:
    with person.app.app_context():
        return db.session.get(Invitation, person.invitation, populate_existing=True)


def told(person: Person) -> list[str]:
    """Kinds of activity of the application, oldest first."""
    with person.app.app_context():
        query = select(Activity.kind).where(Activity.application_id == person.application)
        return list(db.session.scalars(query.order_by(Activity.at, Activity.id)))


def change(person: Person, **values) -> None:
    """Change the invitation behind everybody's back, as time or an admin would."""
    with person.app.app_context(), transaction() as session:
        found = session.get(Invitation, person.invitation)
        for name, value in values.items():
            setattr(found, name, value)


def _job(
    organisation_id: uuid.UUID,
    title: str,
    kind: JobKind,
    state=JobState.OPEN,
    assessment="work-style",
) -> Job:
    return Job(
        organisation_id=organisation_id,
        title=title,
        kind=kind,
        assessment=assessment,
        state=state,
    )


def _ats_job(session, organisation_id: uuid.UUID) -> AtsJob:
    connection = session.scalar(
        select(Connection).where(Connection.organisation_id == organisation_id)
    )
    if connection is None:
        connection = Connection(
            organisation_id=organisation_id, key=str(new_id()), state=ConnectionState.ACTIVE
        )
        session.add(connection)
        session.flush()
    ats_job = AtsJob(
        connection_id=connection.id, ats_id=str(new_id()), title="Planner", ref_number="REF77"
    )
    session.add(ats_job)
    return ats_job


def _path(app: Flask, url: str) -> str:
    return url.removeprefix(app.extensions["eqsr.settings"].public_url)


def as_stored(score) -> dict:
    """A ScaleScore as the database gives it back."""
    return json.loads(json.dumps(asdict(score)))
