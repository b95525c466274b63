"""One customer in a life of invitations: a real database, a clock that stands still until it is
moved, and everybody outside scripted."""

import uuid
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from eqsr.accounts.models import Organisation, Role, User
from eqsr.connections.models import AtsJob, Connection, ConnectionState
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.extensions import vault
from eqsr.instruments.catalogue import assessments
from eqsr.invitations import current_stage, moves
from eqsr.invitations.decisions import CLOCK_SKEW
from eqsr.invitations.models import Invitation
from eqsr.jobs import service as jobs
from eqsr.jobs.models import Job, JobKind
from eqsr.mail import sending, smtp
from eqsr.outbox import claims, runner
from eqsr.outbox.models import Work, WorkState
from eqsr.reconciling import callbacks, progress, stages
from eqsr.reconciling import results as missing_results
from eqsr.results import note
from eqsr.results import service as results
from eqsr.smartrecruiters.types.stages import Stage
from tests.crashing import Boundaries
from tests.invitations.scripted import MailServer, Profile, Scripted

START = datetime(2026, 5, 4, 9, tzinfo=UTC)

_LIVES = count(1)

Watch = tuple[Stage, datetime]


class Living:
    """``ats`` and ``server`` are SmartRecruiters and the mail server; ``watched``: the stages that
    the job was ever connected to, each with the moment from which moves into it count."""

    def __init__(self, app: Flask) -> None:
        self.patch = pytest.MonkeyPatch()
        self._travel = time_machine.travel(START, tick=False)
        self.clock = self._travel.start()
        # Ids in the order of their making: what is due first must not be left to chance.
        self.patch.setattr("eqsr.core.columns.os", SimpleNamespace(urandom=self._next_id))
        self._life, self._made = next(_LIVES), 0
        self.ats, self.server = Scripted(str(uuid.uuid4())), MailServer()
        self.watched: list[Watch] = []
        for room in (moves, current_stage, results, stages, missing_results, callbacks):
            self.patch.setattr(room, "client_for", lambda connection: self.ats)
        self.patch.setattr(smtp, "send", self.server.send)
        self.patch.setattr(sending, "RECORDING_WAITS", ())
        self.boundaries = Boundaries(
            self.patch,
            *((self.ats, name) for name in ("application", "candidate", "status_history")),
            *((self.ats, name) for name in ("add_tags", "add_note", "delete_note", "notes")),
            *((self.ats, name) for name in ("candidates_page",)),
            (smtp, "send"),
            (moves, "_record"),
            (sending, "_record_accepted"),
            (results, "change"),
            (note, "change"),
            (progress, "turn_page"),
            (claims, "done"),
        )
        self._context = app.app_context()
        self._context.push()
        self._set_up()

    def end(self) -> None:
        db.session.remove()
        self._context.pop()
        self._travel.stop()
        self.patch.undo()

    @property
    def job(self) -> Job:
        """Read afresh: a worker's session ends with its work."""
        return db.session.get(Job, self.job_id)

    def watch(self, stage: Stage) -> None:
        """Connect the job to this stage instead."""
        user, ats_job = db.session.get(User, self.user_id), db.session.get(AtsJob, self.ats_job_id)
        place = (stage.status, stage.sub_status or "")
        before = jobs.active_link(self.job)
        link = jobs.connect(self.job, ats_job, *place, user, instead_of=before)
        if (stage, link.since) not in self.watched:
            self.watched.append((stage, link.since))

    def counts(self, person: Profile, watch: Watch, at: int = 0) -> bool:
        """The person came into the stage while it was watched (``at`` -1: the latest time)."""
        stage, since = watch
        into = [
            change.changed_on
            for change in person.history
            if Stage(change.status, change.sub_status) == stage
        ]
        late_enough = [moment for moment in into if moment >= since - CLOCK_SKEW]
        return bool(late_enough) if at == 0 else bool(into) and into[-1] >= since - CLOCK_SKEW

    def person(self, which: int) -> Profile:
        return list(self.ats.people.values())[which % len(self.ats.people)]

    @staticmethod
    def fresh_address() -> str:
        return f"{uuid.uuid4().hex[:8]}@example.org"

    def invitations(self) -> list[Invitation]:
        query = select(Invitation).where(Invitation.job_id == self.job_id)
        query = query.order_by(Invitation.id).execution_options(populate_existing=True)
        found = db.session.scalars(query).all()
        db.session.commit()
        return list(found)

    def do_one(self) -> bool:
        """The work that is due first, if any is; whether there was one."""
        due = (Work.state == WorkState.DUE) & (Work.due_at <= now())
        lapsed = (Work.state == WorkState.RUNNING) & (Work.lease_until < now())
        query = select(Work.id).where(Work.connection_id == self.connection_id, due | lapsed)
        work_id = db.session.scalar(query.order_by(Work.due_at, Work.id).limit(1))
        db.session.commit()
        if work_id is not None:
            runner.perform(str(work_id))
        return work_id is not None

    def do_all(self) -> None:
        for _ in range(500):
            if not self.do_one():
                return
        raise AssertionError("the work never ends")

    def _set_up(self) -> None:
        with transaction() as session:
            organisation = Organisation(name="Northwind", slug=uuid.uuid4().hex)
            session.add(organisation)
            session.flush()
            user = User(
                email=f"{organisation.slug}@x.example",
                organisation_id=organisation.id,
                role=Role.ADMIN,
            )
            connection = Connection(
                organisation_id=organisation.id,
                key=organisation.slug,
                state=ConnectionState.ACTIVE,
                client_id="client",
                encrypted_client_secret=vault.encrypt("secret"),
                subscription_id="subscription",
                connected_at=now(),
                scopes=[{"scope": "messages_read", "outcome": "granted", "sentence": ""}],
            )
            session.add_all([user, connection])
            session.flush()
            ats_job = AtsJob(connection_id=connection.id, ats_id=self.ats.job_id, title="Developer")
            session.add(ats_job)
        job = jobs.create_job(organisation.id, "Developers", JobKind.ATS, assessments()[0].id, user)
        self.connection_id = connection.id
        self.user_id, self.ats_job_id, self.job_id = user.id, ats_job.id, job.id

    def _next_id(self, size: int) -> bytes:
        self._made += 1
        return (self._made << 24 | self._life).to_bytes(size)
