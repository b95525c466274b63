"""All that the simulation knows of eqsr: how it is started, its verbs, its rows, its seams.

Nothing else in ``simulation/`` imports eqsr, so what moves there is followed here.
"""

import contextlib
import importlib
import logging
import os
import sys
import threading
import time
import types
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import argon2
from flask import Flask
from flask_migrate import upgrade
from redis.exceptions import RedisError
from sqlalchemy import func, select

from simulation.broker import Broker, Client
from simulation.scheduler import Lock, Process, Scheduler

os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")  # noqa: S108

from eqsr import create_app
from eqsr.accounts.models import Organisation, Role, User
from eqsr.activity.models import Activity
from eqsr.candidates.models import Application, Candidate
from eqsr.connections import search, webhook_keys
from eqsr.connections import service as connections
from eqsr.connections.models import AtsJob, Connection, ConnectionState, WebhookKey
from eqsr.core import security
from eqsr.core.clock import now
from eqsr.core.db import db, is_database_trouble, transaction
from eqsr.core.extensions import limiter, vault
from eqsr.core.messages import UserError
from eqsr.core.settings import Settings, from_environment
from eqsr.instruments.catalogue import assessments, instrument
from eqsr.instruments.scoring import ItemResponse
from eqsr.invitations.link_holder import LinkEnded, invitation_of
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs import connecting as job_connecting
from eqsr.jobs import service as jobs
from eqsr.jobs.models import Job, JobKind, StageLink
from eqsr.mail.models import Mail, MailPause, MailState
from eqsr.outbox import (
    breakers,
    dispatcher,
    fair_dispatch,
    handlers,
    lanes,
    leases,
    queue,
    runner,
    schedule,
)
from eqsr.outbox.leader import LeaderLock
from eqsr.outbox.models import Breaker, Work, WorkState
from eqsr.results.models import WriteBack, WriteBackState
from eqsr.sittings import service as sittings
from eqsr.sittings.models import Score, Sitting
from eqsr.webhooks import inbox
from eqsr.webhooks.models import WebhookEvent

SECRET_KEY = "a secret key of the simulation, long enough"
ENCRYPTION_KEY = "c2ltdWxhdGlvbnMgbmVlZCBhIGtleSBvZiAzMiBieXQ="
PUBLIC_URL = "http://127.0.0.1:8000"
PASSWORD = "correct horse battery staple"


def settings_for(folder: Path, database_url: str, api_url: str) -> Settings:
    """The settings of the simulated installation."""
    return from_environment(
        {
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET_KEY,
            "ENCRYPTION_KEYS": ENCRYPTION_KEY,
            "PORT": "8000",
            "PUBLIC_URL": PUBLIC_URL,
            "SMARTRECRUITERS_API_URL": api_url,
            "MAIL_URL": "smtp://user:mail-server-password@127.0.0.1:1025",
            "MAIL_FROM": "Equalture <no-reply@equalture.example>",
            "SUPPORT_URL": "support@equalture.example",
        }
    )


def build(settings: Settings) -> Flask:
    """Make the application and its tables, with cheap password hashes and without rate limits."""
    security._hasher = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    app = create_app(settings)
    limiter.enabled = False
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    for handler in list(logging.getLogger().handlers):
        logging.getLogger().removeHandler(handler)
    return app


# -- seams


class TaskLocal:
    """threading.local for tasks."""

    def __init__(self, scheduler: Callable[[], Scheduler], **defaults: Any) -> None:
        object.__setattr__(self, "_scheduler", scheduler)
        object.__setattr__(self, "_defaults", defaults)

    def _store(self) -> dict[str, Any]:
        task = self._scheduler().current
        return task.local if task is not None else self._defaults

    def __getattr__(self, name: str) -> Any:
        try:
            return self._store().get(name, self._defaults[name])
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        self._store()[name] = value


def install_seams(scheduler: Callable[[], Scheduler], broker: Callable[[], Broker]) -> None:
    """Put simulated locks, threads and Redis in the place of the real ones, in eqsr only."""

    def lock() -> Lock:
        return Lock(scheduler)

    def rlock() -> Lock:
        return Lock(scheduler, reentrant=True)

    def identity() -> int:
        task = scheduler().current
        return task.number if task is not None else 0

    shim = types.SimpleNamespace(**vars(threading))
    shim.Lock, shim.RLock, shim.get_ident = lock, rlock, identity
    real = {type(threading.Lock()): lock, type(threading.RLock()): rlock}
    for name, module in list(sys.modules.items()):
        if not name.startswith("eqsr"):
            continue
        for attribute, value in list(vars(module).items()):
            if value is threading:
                setattr(module, attribute, shim)
            elif value is threading.Lock:
                setattr(module, attribute, lock)
            elif type(value) in real:
                setattr(module, attribute, real[type(value)]())
    lanes.current = TaskLocal(scheduler, patient=False)
    for module in ("eqsr.connections.clients", "eqsr.outbox.slots"):
        vars(importlib.import_module(module))["current"] = lanes.current
    from eqsr.smartrecruiters.token import TokenSource

    TokenSource._locks_lock = lock()
    _replace(queue.connect, lambda: Client(broker()))
    _replace(queue.dispatch, lambda groups: _dispatch(broker(), groups))
    _replace(queue.wake_dispatcher, lambda: scheduler().notify("wake-up"))


def _replace(real: Any, simulated: Any) -> None:
    """Put one function in another's place, in every module of eqsr that holds it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("eqsr"):
            for attribute, value in list(vars(module).items()):
                if value is real:
                    setattr(module, attribute, simulated)


def _dispatch(broker: Broker, groups: Any) -> None:
    for group in groups:
        rows = [queue.DispatchedRow(one, group.kind, group.connection_id) for one in group.ids]
        broker.push(handlers.lane_of(group.kind).queue, rows)


LANES = lanes.LANES


class Memory:
    """What one process keeps in module variables."""

    stretch = 1.0

    def __init__(self, unknown_kinds: frozenset[str] = frozenset()) -> None:
        self._values: dict[tuple[Any, str], Any] = {
            (webhook_keys, "_cache"): {},
            (breakers, "_failures"): {},
            (breakers, "_open_ids"): frozenset(),
            (breakers, "_read_at"): -1e9,
            (leases, "_in_hand"): {},
            (leases, "_renewed_at"): -1e9,
            (inbox, "_waiting"): deque(),
            (schedule, "_entries"): [
                schedule.Entry(entry.run, entry.seconds * self.stretch) for entry in ALL_ENTRIES
            ],
            (handlers, "_handlers"): {
                kind: known for kind, known in ALL_HANDLERS.items() if kind not in unknown_kinds
            },
        }

    def put_in(self) -> None:
        """Show this memory to the product."""
        for (module, name), value in self._values.items():
            setattr(module, name, value)

    def take_out(self) -> None:
        """Keep what the product left in the module variables."""
        for module, name in self._values:
            self._values[module, name] = getattr(module, name)


ALL_HANDLERS: dict[str, Any] = {}
ALL_ENTRIES: list[Any] = []


def remember_handlers() -> None:
    """Note which kinds of work this release knows; call once the application is made."""
    ALL_HANDLERS.update(handlers._handlers)
    ALL_ENTRIES.extend(schedule.entries())


def new_leader_lock(name: str) -> LeaderLock:
    """The lock by which a worker's dispatcher leads."""
    return LeaderLock(name)


# -- verbs of a worker


def renew_and_look() -> None:
    """What every dispatcher does in each round."""
    leases.renew()
    breakers.open_connections()


def dispatch() -> tuple[int, list[float]]:
    """Hand out what is due; returns how many rows, and pauses in seconds."""
    return dispatcher.dispatch_due()


def tick() -> None:
    """Run what the clock asks for."""
    schedule.tick()


def seconds_to_next_due() -> float | None:
    """Seconds until the next row is due or its lease runs out; None if there is none."""
    query = select(func.min(Work.due_at)).where(
        Work.state == WorkState.DUE, Work.dispatched_at.is_(None)
    )
    due = db.session.scalar(query)
    db.session.remove()
    return None if due is None else (due - now()).total_seconds()


def in_hand() -> bool:
    """Whether this process is working on anything."""
    return bool(leases._in_hand)


def parked(row: Any) -> bool:
    """Whether the row's customer has an open breaker; then it is given back instead of done."""
    return breakers.is_parked(row.kind, row.connection_id)


def perform(row: Any) -> None:
    """Do one row of work."""
    if parked(row):
        fair_dispatch.return_to_due([row.work_id])
    else:
        runner.perform(str(row.work_id))
    db.session.remove()


def cap(lane: Any, slots: int) -> int:
    """How many slots one customer may have."""
    return lanes.cap_of(lane, slots)


def hand_back() -> None:
    """What a stopping worker does with what it could not finish."""
    leases.hand_back()


# -- making customers


def create_customer(name: str, slug: str, admin: str) -> uuid.UUID:
    """An organisation with an admin and a reviewer."""
    hasher = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with transaction() as session:
        organisation = Organisation(name=name, slug=slug)
        session.add(organisation)
        session.flush()
        session.add(
            User(
                email=admin,
                name=admin.split("@")[0].title(),
                organisation_id=organisation.id,
                role=Role.ADMIN,
                password_hash=hasher.hash(PASSWORD),
            )
        )
        return organisation.id


def begin_connection(organisation_id: uuid.UUID, client_id: str, secret: str) -> uuid.UUID:
    """Have a credential tried."""
    return connections.begin(organisation_id, client_id, secret).id


def connection_state(organisation_id: uuid.UUID) -> str:
    """The state of a customer's connection, or ''."""
    query = select(Connection.state).where(Connection.organisation_id == organisation_id)
    state = db.session.scalar(query)
    db.session.remove()
    return state.value if state else ""


def create_job(organisation_id: uuid.UUID, title: str, days: int, language: str = "") -> uuid.UUID:
    """A job of ours."""
    admin = db.session.scalar(select(User).where(User.organisation_id == organisation_id))
    made = jobs.create_job(organisation_id, title, JobKind.ATS, assessments()[0].id, admin)
    with transaction() as session:
        fresh = session.get_one(Job, made.id)
        fresh.days_to_finish, fresh.language = days, language
    return made.id


def connect_job(
    organisation_id: uuid.UUID, job_id: uuid.UUID, ats_job: str, stage: tuple[str, str], grace: int
) -> None:
    """Watch a stage of a SmartRecruiters job. Raises UserError."""
    admin = db.session.scalar(select(User).where(User.organisation_id == organisation_id))
    connection = connections.of(organisation_id)
    found = search.find_job(connection, ats_job)
    job = db.session.get_one(Job, job_id)
    terms = job_connecting.Terms(grace_minutes=grace)
    link = job_connecting.connect(job, found, *stage, admin, terms)
    with transaction() as session:
        # Without the tolerance for other clocks: whoever was there a moment ago was there before.
        fresh = session.get_one(StageLink, link.id)
        fresh.since = fresh.counts_from = now() + timedelta(minutes=2)


def disconnect_customer(organisation_id: uuid.UUID) -> None:
    """What an admin's press on Disconnect does."""
    connection = connections.of(organisation_id)
    if connection is not None:
        connections.disconnect(connection.id, None, "Admin")


# -- verbs of a candidate


class TurnedAway(Exception):
    """The link has ended, or the person can't take it any more."""


def take_answers(token: str, share: float, chance: Any) -> bool:
    """Start, answer this share of the questions and, if all, finish; True if finished.

    Raises TurnedAway.
    """
    try:
        invitation = invitation_of(token).id
        found = sittings.start(invitation)
        if found.sitting is None or found.sitting.finished_at is not None:
            return True
        values = [option.value for option in found.instrument.options]
        items = found.instrument.items[: max(1, int(len(found.instrument.items) * share))]
        given = {item.number: ItemResponse(chance.choice(values), 1500) for item in items}
        sittings.answer(found.sitting.id, given)
        if share < 1:
            return False
        sittings.finish(found.sitting.id)
        return True
    except (UserError, LinkEnded) as error:
        raise TurnedAway(str(error)) from None
    finally:
        db.session.remove()


def is_trouble(error: Exception) -> bool:
    """Whether the error is the database's, so that a person tries again."""
    return is_database_trouble(error)


# -- reading rows, for the oracle and for coverage

NOUNS: dict[str, tuple[Any, Any]] = {
    "invitation": (Invitation, InvitationState),
    "connection": (Connection, ConnectionState),
    "work": (Work, WorkState),
    "write-back": (WriteBack, WriteBackState),
    "mail": (Mail, MailState),
}


def states() -> Iterator[tuple[str, Any, str]]:
    """(noun, key, state) of everything that has a state."""
    for noun, (model, _) in NOUNS.items():
        for key, state in db.session.execute(select(model.id, model.state)):
            yield noun, key, state.value
    for key, finished in db.session.execute(select(Sitting.id, Sitting.finished_at)):
        yield "sitting", key, "finished" if finished else "under way"
    for key, closed in db.session.execute(select(Breaker.id, Breaker.closed_at)):
        yield "breaker", key, "closed" if closed else "open"


def all_states() -> dict[str, list[str]]:
    """The states that each noun has."""
    found = {noun: [state.value for state in kinds] for noun, (_, kinds) in NOUNS.items()}
    return found | {"sitting": ["under way", "finished"], "breaker": ["open", "closed"]}


def decisions() -> dict[str, int]:
    """How often each kind of activity was logged."""
    query = select(Activity.kind, func.count()).group_by(Activity.kind)
    return {str(kind): number for kind, number in db.session.execute(query)}


def stretch(factor: float) -> None:
    """Let the schedule's intervals be longer, so that calm hours cost less."""
    Memory.stretch = factor


# Later than this, a row is not waited for: it belongs to another day.
FAR = timedelta(hours=2)


def nothing_to_do() -> bool:
    """Whether no work is due soon, running or waiting; but for mails to mailboxes that are full."""
    full = func.coalesce(Work.last_error, "").startswith("451")
    soon = select(func.count()).where(Work.state == WorkState.DUE, Work.due_at < now() + FAR, ~full)
    held = select(func.count()).where(Work.state.in_((WorkState.RUNNING, WorkState.WAITING)))
    return not db.session.scalar(soon) and not db.session.scalar(held)


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    """An application context whose session is gone afterwards."""
    with app.app_context():
        try:
            yield
        finally:
            with contextlib.suppress(Exception):
                db.session.remove()


def rows(model: Any, *where: Any) -> list[Any]:
    """All rows of a model, by id, which is by time."""
    return list(db.session.scalars(select(model).where(*where).order_by(model.id)))


def ids_of(connection_id: uuid.UUID, candidate: str, job: int, ats_job: str) -> tuple[str, str]:
    """(application, its latest invitation) of a person by SmartRecruiters' ids; '' if unknown."""
    query = (
        select(Application.id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .join(AtsJob, AtsJob.id == Application.ats_job_id)
        .where(AtsJob.connection_id == connection_id, AtsJob.ats_id == ats_job)
        .where(Candidate.ats_id == candidate)
    )
    application = db.session.scalar(query)
    latest = select(Invitation.id).where(Invitation.application_id == application)
    invitation = db.session.scalar(latest.order_by(Invitation.attempt.desc()).limit(1))
    return str(application or ""), str(invitation or "")


def engine() -> Any:
    """The engine of the database, in an application context."""
    return db.engine


@dataclass(frozen=True)
class Row:
    """A row of work, for the oracle."""

    kind: str
    state: str
    since: str
    error: str
    connection_id: uuid.UUID | None


# Overdue work of this age, after everything has healed, has been forgotten.
OVERDUE = timedelta(minutes=20)


def unfinished_work() -> list[Row]:
    """Work that is overdue, running or waiting."""
    overdue = (Work.state == WorkState.DUE) & (Work.due_at < now() - OVERDUE)
    held = Work.state.in_((WorkState.WAITING,)) & (Work.due_at < now() - OVERDUE)
    running = (Work.state == WorkState.RUNNING) & (Work.lease_until < now() - OVERDUE)
    return _rows(overdue | held | running)


def dead_work() -> list[Row]:
    """Work that was given up."""
    return _rows(Work.state == WorkState.DEAD)


def _rows(where: Any) -> list[Row]:
    return [
        Row(
            one.kind,
            one.state.value,
            f"{one.due_at:%a %H:%M:%S}",
            one.last_error or "",
            one.connection_id,
        )
        for one in rows(Work, where)
    ]


def is_active(connection_id: uuid.UUID) -> bool:
    """Whether a connection works."""
    state = db.session.scalar(select(Connection.state).where(Connection.id == connection_id))
    return state is ConnectionState.ACTIVE


def blamed() -> list[tuple[str, str]]:
    """(address, fault) of the invitations that no mail could reach."""
    query = select(Invitation.email, Invitation.fault).where(
        Invitation.state == InvitationState.UNDELIVERABLE
    )
    return [(email, fault or "") for email, fault in db.session.execute(query)]


def left_queued() -> list[tuple[str, str, uuid.UUID]]:
    """(address, job, organisation) of invitations whose mail has not gone out for an hour."""
    query = (
        select(Invitation.email, Job.title, Invitation.organisation_id)
        .join(Job, Job.id == Invitation.job_id)
        .where(Invitation.state == InvitationState.QUEUED)
        .where(Invitation.queued_at < now() - timedelta(hours=1))
    )
    return [tuple(one) for one in db.session.execute(query)]


def events() -> dict[str, list[bool]]:
    """Per event id: for each row, whether it was acted on."""
    found: dict[str, list[bool]] = {}
    for event_id, done in db.session.execute(
        select(WebhookEvent.event_id, WebhookEvent.processed_at)
    ):
        found.setdefault(event_id, []).append(done is not None)
    return found


def note_scores() -> dict[str, tuple[set[str], list[str]]]:
    """Per candidate: SmartRecruiters' ids, and the words for each score that a note must hold."""
    found: dict[str, tuple[set[str], list[str]]] = {}
    for candidate in rows(Candidate):
        found[str(candidate.id)] = ({candidate.ats_id or ""}, [])
    query = (
        select(Application.candidate_id, Sitting.instrument, Score.scale, Score.outcome)
        .join(Invitation, Invitation.application_id == Application.id)
        .join(Sitting, Sitting.invitation_id == Invitation.id)
        .join(Score, Score.sitting_id == Sitting.id)
        .where(Sitting.finished_at.is_not(None), Score.is_current)
    )
    for candidate_id, instrument_id, scale_id, outcome in db.session.execute(query):
        scales = {scale.id: scale.name for scale in instrument(instrument_id).scales}
        shown = outcome.get("band_low") is not None and outcome.get("interpretable", True)
        if scale_id in scales and shown:
            words = f"{scales[scale_id]}: {outcome['sten']} of 10"
            found[str(candidate_id)][1].append(words)
    return found


def names_kept() -> dict[str, set[str]]:
    """Addresses that are still stored, per kind of row."""
    invited = db.session.scalars(select(Invitation.email))
    return {"invitation": {email.lower() for email in invited}}


# A task may end by these: they are our own faults, met where nobody answers.
EXPECTED_CRASHES = (OSError, RedisError)


def end_session() -> None:
    """Give the session of this task back, whatever became of it."""
    with contextlib.suppress(Exception):
        db.session.remove()


def release() -> None:
    """Forget the session and close all connections."""
    db.session.remove()
    db.engine.dispose()


__all__ = [
    "Activity",
    "Application",
    "Breaker",
    "Candidate",
    "Connection",
    "ConnectionState",
    "Invitation",
    "InvitationState",
    "Job",
    "Mail",
    "MailPause",
    "MailState",
    "Process",
    "Sitting",
    "StageLink",
    "WebhookEvent",
    "WebhookKey",
    "Work",
    "WorkState",
    "WriteBack",
    "WriteBackState",
    "datetime",
    "time",
    "vault",
]
