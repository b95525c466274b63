"""Whatever happens in whatever order: nobody is invited twice, and no move is lost.

The real services on the real database; only SmartRecruiters and the mail server are scripted.
"""

import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from types import SimpleNamespace

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update

from eqsr.accounts.models import Organisation, Role, User
from eqsr.assessments.catalogue import assessments
from eqsr.clock import now
from eqsr.connections import service as connections
from eqsr.connections.models import AtsJob, Connection, ConnectionState
from eqsr.db import db, transaction
from eqsr.extensions import vault
from eqsr.invitations import moves, rereading
from eqsr.invitations import service as invitations
from eqsr.invitations.decisions import SKEW
from eqsr.invitations.models import Invitation
from eqsr.invitations.models import InvitationState as State
from eqsr.jobs import service as jobs
from eqsr.jobs.models import Job, JobKind
from eqsr.mail import service as mail
from eqsr.mail import smtp
from eqsr.mail.addresses import usable_address
from eqsr.outbox import claims, runner
from eqsr.outbox.models import Work, WorkState
from eqsr.reconciling import callbacks, stages
from eqsr.reconciling import results as missing_results
from eqsr.reconciling import service as reconciling
from eqsr.results import service as results
from eqsr.smartrecruiters.errors import NoAccess, Throttled, Unavailable
from eqsr.smartrecruiters.types import Stage
from eqsr.webhooks import service as webhooks
from tests.crashing import Boundaries, Killed
from tests.invitations.scripted import Event, MailServer, Profile, Scripted
from tools.chaos.takers import take

pytestmark = pytest.mark.postgres

START = datetime(2026, 5, 4, 9, tzinfo=UTC)
ASSESSMENT, CASE, ELSEWHERE = Stage("IN_REVIEW", "Assessment"), Stage("INTERVIEW"), Stage("HIRED")
WATCHABLE = (ASSESSMENT, CASE)
STAGES = (ASSESSMENT, ASSESSMENT, CASE, ELSEWHERE)
ADDRESSES = st.sampled_from([*["usable"] * 6, None, "nobody"])
MOVES = st.lists(st.sampled_from(STAGES), min_size=1, max_size=4)
ARRIVALS = st.sampled_from([*["in order"] * 4, "any", "any", "again", "lost"])
TROUBLE = (
    lambda: Unavailable("status", status=503),
    lambda: Unavailable("timeout", outcome_unknown=True),
    lambda: Throttled(1.0, status=429),
    lambda: NoAccess(scope="candidates_read", status=403),
    lambda: NoAccess(scope="candidates_read", status=401),
)

# Where a state may lead, over any number of steps.
ENDS = {State.EXPIRED, State.CANCELLED}
LEADS_TO = {
    State.QUEUED: set(State),
    State.UNDELIVERABLE: set(State) - {State.QUEUED},
    State.SENT: {State.OPENED, State.STARTED, State.COMPLETED} | ENDS,
    State.OPENED: {State.STARTED, State.COMPLETED} | ENDS,
    State.STARTED: {State.COMPLETED, State.EXPIRED},
    State.COMPLETED: set(),
    State.EXPIRED: set(),
}

_LIVES = count(1)

pick = st.integers(min_value=0, max_value=1_000)


class Life(RuleBasedStateMachine):
    """One SmartRecruiters job with a few candidates, connected to one job of ours."""

    def __init__(self, app, patch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.app = app
        self.clock = time_machine.travel(START, tick=False)
        self.traveller = self.clock.start()
        # Ids in the order of their making: what is due first must not be left to chance.
        patch.setattr("eqsr.db.os", SimpleNamespace(urandom=self._next_id))
        self.life, self.made = next(_LIVES), 0
        self.ats, self.server = Scripted(str(uuid.uuid4())), MailServer()
        self.pending: list[Event] = []
        self.delivered: list[Event] = []
        self.watched: list[tuple[Stage, datetime]] = []
        self.seen: dict[uuid.UUID, tuple[State, datetime | None]] = {}
        for room in (moves, rereading, results, stages, missing_results, callbacks):
            patch.setattr(room, "client_for", lambda connection: self.ats)
        patch.setattr(smtp, "send", self.server.send)
        patch.setattr(mail, "RECORDING_WAITS", ())
        self.boundaries = Boundaries(
            patch,
            *((self.ats, name) for name in ("application", "candidate", "status_history")),
            *((self.ats, name) for name in ("add_tags", "add_note", "delete_note", "notes")),
            *((self.ats, name) for name in ("candidates_page",)),
            (smtp, "send"),
            (moves, "_record"),
            (mail, "_record_accepted"),
            (results, "change"),
            (reconciling, "turn_page"),
            (claims, "done"),
        )
        self.context = app.app_context()
        self.context.push()
        self._set_up()

    def teardown(self) -> None:
        try:
            if self.watched:
                self._comes_to_rest()
        finally:
            db.session.remove()
            self.context.pop()
            self.clock.stop()

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
                locked_client_secret=vault.lock("secret"),
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

    # Few rules with many things to do each: Hypothesis leaves whole rules out of a life.

    @initialize(people=st.lists(st.tuples(ADDRESSES, MOVES), min_size=2, max_size=3))
    def begins(self, people: list[tuple[str | None, list[Stage]]]) -> None:
        self._watch(ASSESSMENT)
        for number, (address, moved) in enumerate(people):
            email = self._fresh() if address == "usable" else address
            self.pending.append(self.ats.applies(email))
            self.is_moved(number, moved)

    @rule(who=pick, stages=MOVES)
    def is_moved(self, who: int, stages: list[Stage]) -> None:
        """Once, or several times within a moment."""
        person = self._person(who)
        for stage in stages:
            if not person.deleted and person.stage != stage:
                self.pending.append(self.ats.moves(person, stage))

    @rule(what=st.sampled_from(["corrected", "deleted", *WATCHABLE, "disconnect"]), who=pick)
    def people_change_their_minds(self, what: str | Stage, who: int) -> None:
        """An address is corrected, a candidate deleted; the job is connected to the same stage
        again, or to another one, or to none."""
        person = self._person(who)
        link = jobs.active_link(self.job)
        if isinstance(what, Stage):
            self._watch(what)
        elif what == "disconnect" and link is not None and who % 3 == 0:
            jobs.disconnect(link, db.session.get(User, self.user_id))
        elif what == "corrected" and not person.deleted and not usable_address(person.email):
            self.pending.append(self.ats.corrects(person, self._fresh()))
        elif what == "deleted" and not person.deleted and who % 3 == 0:
            self.pending.append(self.ats.deletes(person))

    @rule(events=st.lists(st.tuples(ARRIVALS, pick), min_size=2, max_size=8))
    def events_arrive(self, events: list[tuple[str, int]]) -> None:
        """Or do not, or later than those after them, or again."""
        for how, which in events:
            if how == "again" or not self.pending:
                event = self.delivered[which % len(self.delivered)] if self.delivered else None
            else:
                event = self.pending.pop(0 if how == "in order" else which % len(self.pending))
            if event is not None and how != "lost":
                self.delivered.append(event)
                webhooks.store(self.connection_id, event.headers, event.body)

    @rule(times=st.integers(min_value=3, max_value=20))
    def work_is_done(self, times: int) -> None:
        for _ in range(times):
            self._do_one()

    @rule(boundary=st.integers(min_value=1, max_value=14))
    def a_worker_is_killed(self, boundary: int) -> None:
        """At some boundary of the next work, if it has so many."""
        with self.boundaries.killing_at(boundary), suppress(Killed):
            self._do_one()
        db.session.remove()

    @rule(what=st.sampled_from(["minute", "twenty minutes", "hours", "sweep", "thorough", "check"]))
    def the_clock_goes_on(self, what: str) -> None:
        minutes = {"minute": 1, "twenty minutes": 20, "hours": 150}
        self.traveller.shift(timedelta(minutes=minutes.get(what, 0)))
        if what in ("sweep", "thorough"):
            reconciling.begin(self.connection_id, thorough=what == "thorough")
        elif what == "check":
            connections.close_problem(self.connection_id)

    @rule(
        mood=st.sampled_from(["accept", "accept", "accept", "away", "refuse", "lose_answer"]),
        errors=st.lists(st.sampled_from(TROUBLE), max_size=3),
    )
    def others_have_trouble(self, mood: str, errors: list) -> None:
        self.server.mood = mood
        self.ats.trouble = [make() for make in errors]

    @precondition(lambda self: self.seen)
    @rule(what=st.sampled_from(["open", "take", "take", "expire"]), which=pick)
    def the_candidate(self, what: str, which: int) -> None:
        """Opens the link of a mail that was sent, takes the assessment, or lets the time pass."""
        invitation_id = list(self.seen)[which % len(self.seen)]
        state = self.seen[invitation_id][0]
        if what == "open" and state is not State.QUEUED:
            invitations.opened(invitation_id)
        elif what == "take" and state in (State.SENT, State.OPENED):
            take(invitation_id)
        elif what == "expire" and which % 5 == 0:
            with transaction() as session:
                past = now() - timedelta(minutes=1)
                session.execute(update(Invitation).values(expires_at=past))
            invitations.expire_due()

    # what always holds

    @invariant()
    def nobody_is_invited_twice(self) -> None:
        for person in self.ats.people.values():
            message_ids = {id for address, id in self.server.taken if address == person.email}
            assert len(message_ids) <= 1, (person, self.server.taken)

    @invariant()
    def only_who_was_in_a_watched_stage_is_mailed(self) -> None:
        for person in self.ats.people.values():
            if any(address == person.email for address, _ in self.server.taken):
                assert any(self._counts(person, watch) for watch in self.watched)

    @invariant()
    def states_only_lead_forward(self) -> None:
        for invitation in self._invitations():
            now_is = invitation.state
            before, sent_at = self.seen.get(invitation.id, (State.QUEUED, None))
            if before is State.CANCELLED:
                # Taken up again, if nothing had been sent.
                assert now_is is before or sent_at is None, invitation.id
            elif now_is is not before:
                assert now_is in LEADS_TO[before], (before, now_is)
            self.seen[invitation.id] = (now_is, invitation.sent_at)

    # in the end

    def _comes_to_rest(self) -> None:
        """Everything works again; what is still on its way from SmartRecruiters is lost."""
        self.pending.clear()
        self.ats.trouble.clear()
        self.server.mood = "accept"
        for _ in range(3):
            self.traveller.shift(timedelta(hours=2))  # leases run out, and backoffs
            connections.close_problem(self.connection_id)
            self._do_all()
        reconciling.begin(self.connection_id, thorough=True)
        self._do_all()
        self.states_only_lead_forward()
        self.nobody_is_invited_twice()
        self.only_who_was_in_a_watched_stage_is_mailed()
        self._no_move_was_lost()
        self._results_are_shown_once()

    def _no_move_was_lost(self) -> None:
        link = jobs.active_link(self.job)
        stage = link and Stage(link.status, link.sub_status or None)
        taken = {address for address, _ in self.server.taken}
        for person in self.ats.people.values():
            here = not person.deleted and person.stage == stage
            if not here or not usable_address(person.email) or person.email in self.server.refused:
                continue
            if self._counts(person, (stage, link.since), at=-1):
                assert person.email in taken, (person, self.watched)

    def _results_are_shown_once(self) -> None:
        states = {
            invitation.application.candidate.ats_id: invitation.state
            for invitation in self._invitations()
        }
        for person in self.ats.people.values():
            if not person.deleted:
                finished = states.get(person.ats_id) is State.COMPLETED
                assert len(person.notes) == finished, (person, states)
                assert len(person.tags) == len(set(person.tags))
                assert ("Equalture completed" in person.tags) == finished

    # helpers

    @property
    def job(self) -> Job:
        """Read afresh: a worker's session ends with its work."""
        return db.session.get(Job, self.job_id)

    def _watch(self, stage: Stage) -> None:
        user, ats_job = db.session.get(User, self.user_id), db.session.get(AtsJob, self.ats_job_id)
        place = (stage.status, stage.sub_status or "")
        before = jobs.active_link(self.job)
        link = jobs.connect(self.job, ats_job, *place, user, instead_of=before)
        if (stage, link.since) not in self.watched:
            self.watched.append((stage, link.since))

    def _counts(self, person: Profile, watch: tuple[Stage, datetime], at: int = 0) -> bool:
        """The person came into the stage while it was watched (``at`` -1: the latest time)."""
        stage, since = watch
        into = [
            change.changed_on
            for change in person.history
            if Stage(change.status, change.sub_status) == stage
        ]
        late_enough = [moment for moment in into if moment >= since - SKEW]
        return bool(late_enough) if at == 0 else bool(into) and into[-1] >= since - SKEW

    def _person(self, which: int) -> Profile:
        return list(self.ats.people.values())[which % len(self.ats.people)]

    def _next_id(self, size: int) -> bytes:
        self.made += 1
        return (self.made << 24 | self.life).to_bytes(size)

    @staticmethod
    def _fresh() -> str:
        return f"{uuid.uuid4().hex[:8]}@example.org"

    def _invitations(self) -> list[Invitation]:
        query = select(Invitation).where(Invitation.job_id == self.job_id)
        query = query.order_by(Invitation.id).execution_options(populate_existing=True)
        found = db.session.scalars(query).all()
        db.session.commit()
        return list(found)

    def _do_one(self) -> bool:
        due = (Work.state == WorkState.DUE) & (Work.due_at <= now())
        lapsed = (Work.state == WorkState.RUNNING) & (Work.lease_until < now())
        query = select(Work.id).where(Work.connection_id == self.connection_id, due | lapsed)
        work_id = db.session.scalar(query.order_by(Work.due_at, Work.id).limit(1))
        db.session.commit()
        if work_id is not None:
            runner.perform(str(work_id))
        return work_id is not None

    def _do_all(self) -> None:
        for _ in range(500):
            if not self._do_one():
                return
        raise AssertionError("the work never ends")


def test_no_life_of_an_invitation_goes_wrong(app, monkeypatch):
    run_state_machine_as_test(
        partial(Life, app, monkeypatch),
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
