"""Whatever happens in whatever order: nobody is invited twice, and no move is lost.

The real services on the real database; only SmartRecruiters and the mail server are scripted.
"""

import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask
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
from sqlalchemy import update

from eqsr.accounts.models import User
from eqsr.connections import service as connections
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.email_addresses import usable_address
from eqsr.invitations import progress
from eqsr.invitations.models import Invitation
from eqsr.invitations.models import InvitationState as State
from eqsr.jobs import service as jobs
from eqsr.reconciling import service as reconciling
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.outages import Throttled, Unavailable
from eqsr.smartrecruiters.types.stages import Stage
from eqsr.webhooks import service as webhooks
from tests.crashing import Killed
from tests.invitations.living import Living
from tests.invitations.scripted import Event
from tools.chaos.takers import take

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
    State.SENT: {State.OPENED, State.STARTED, State.COMPLETED, State.PARTLY_COMPLETED} | ENDS,
    State.OPENED: {State.STARTED, State.COMPLETED, State.PARTLY_COMPLETED} | ENDS,
    State.STARTED: {State.COMPLETED, State.PARTLY_COMPLETED, State.EXPIRED},
    State.COMPLETED: set(),
    State.PARTLY_COMPLETED: {State.STARTED, State.COMPLETED},
    State.EXPIRED: set(),
}

pick = st.integers(min_value=0, max_value=1_000)


class Life(RuleBasedStateMachine):
    """One SmartRecruiters job with a few candidates, connected to one job of ours."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self.customer = Living(app)
        self.pending: list[Event] = []
        self.delivered: list[Event] = []
        self.seen: dict[uuid.UUID, tuple[State, datetime | None]] = {}

    def teardown(self) -> None:
        try:
            if self.customer.watched:
                self._comes_to_rest()
        finally:
            self.customer.end()

    # Few rules with many things to do each: Hypothesis leaves whole rules out of a life.

    @initialize(people=st.lists(st.tuples(ADDRESSES, MOVES), min_size=2, max_size=3))
    def begins(self, people: list[tuple[str | None, list[Stage]]]) -> None:
        self.customer.watch(ASSESSMENT)
        for number, (address, moved) in enumerate(people):
            email = self.customer.fresh_address() if address == "usable" else address
            self.pending.append(self.customer.ats.applies(email))
            self.is_moved(number, moved)

    @rule(who=pick, stages=MOVES)
    def is_moved(self, who: int, stages: list[Stage]) -> None:
        """Once, or several times within a moment."""
        person = self.customer.person(who)
        for stage in stages:
            if not person.deleted and person.stage != stage:
                self.pending.append(self.customer.ats.moves(person, stage))

    @rule(what=st.sampled_from(["corrected", "deleted", *WATCHABLE, "disconnect"]), who=pick)
    def people_change_their_minds(self, what: str | Stage, who: int) -> None:
        """An address is corrected, a candidate deleted; the job is connected to the same stage
        again, or to another one, or to none."""
        person = self.customer.person(who)
        link = jobs.active_link(self.customer.job)
        if isinstance(what, Stage):
            self.customer.watch(what)
        elif what == "disconnect" and link is not None and who % 3 == 0:
            jobs.disconnect(link, db.session.get(User, self.customer.user_id))
        elif what == "corrected" and not person.deleted and not usable_address(person.email):
            self.pending.append(self.customer.ats.corrects(person, self.customer.fresh_address()))
        elif what == "deleted" and not person.deleted and who % 3 == 0:
            self.pending.append(self.customer.ats.deletes(person))

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
                webhooks.store(self.customer.connection_id, event.headers, event.body)

    @rule(times=st.integers(min_value=3, max_value=20))
    def work_is_done(self, times: int) -> None:
        for _ in range(times):
            self.customer.do_one()

    @rule(boundary=st.integers(min_value=1, max_value=14))
    def a_worker_is_killed(self, boundary: int) -> None:
        """At some boundary of the next work, if it has so many."""
        with self.customer.boundaries.killing_at(boundary), suppress(Killed):
            self.customer.do_one()
        db.session.remove()

    @rule(what=st.sampled_from(["minute", "twenty minutes", "hours", "sweep", "thorough", "check"]))
    def the_clock_goes_on(self, what: str) -> None:
        minutes = {"minute": 1, "twenty minutes": 20, "hours": 150}
        self.customer.clock.shift(timedelta(minutes=minutes.get(what, 0)))
        if what in ("sweep", "thorough"):
            reconciling.begin(self.customer.connection_id, thorough=what == "thorough")
        elif what == "check":
            connections.close_problem(self.customer.connection_id)

    @rule(
        mood=st.sampled_from(["accept", "accept", "accept", "away", "refuse", "lose_answer"]),
        errors=st.lists(st.sampled_from(TROUBLE), max_size=3),
    )
    def others_have_trouble(self, mood: str, errors: list) -> None:
        self.customer.server.mood = mood
        self.customer.ats.trouble = [make() for make in errors]

    @precondition(lambda self: self.seen)
    @rule(what=st.sampled_from(["open", "take", "take", "expire"]), which=pick)
    def the_candidate(self, what: str, which: int) -> None:
        """Opens the link of a mail that was sent, takes the assessment, or lets the time pass."""
        invitation_id = list(self.seen)[which % len(self.seen)]
        state = self.seen[invitation_id][0]
        if what == "open" and state is not State.QUEUED:
            progress.opened(invitation_id)
        elif what == "take" and state in (State.SENT, State.OPENED):
            take(invitation_id)
        elif what == "expire" and which % 5 == 0:
            with transaction() as session:
                past = now() - timedelta(minutes=1)
                session.execute(update(Invitation).values(expires_at=past))
            progress.expire_due()

    # what always holds

    @invariant()
    def nobody_is_invited_twice(self) -> None:
        taken = self.customer.server.taken
        for person in self.customer.ats.people.values():
            message_ids = {id for address, id in taken if address == person.email}
            assert len(message_ids) <= 1, (person, taken)

    @invariant()
    def only_who_was_in_a_watched_stage_is_mailed(self) -> None:
        for person in self.customer.ats.people.values():
            if any(address == person.email for address, _ in self.customer.server.taken):
                assert any(self.customer.counts(person, watch) for watch in self.customer.watched)

    @invariant()
    def states_only_lead_forward(self) -> None:
        for invitation in self.customer.invitations():
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
        self.customer.ats.trouble.clear()
        self.customer.server.mood = "accept"
        for _ in range(3):
            self.customer.clock.shift(timedelta(hours=2))  # leases run out, and backoffs
            connections.close_problem(self.customer.connection_id)
            self.customer.do_all()
        reconciling.begin(self.customer.connection_id, thorough=True)
        self.customer.do_all()
        self.states_only_lead_forward()
        self.nobody_is_invited_twice()
        self.only_who_was_in_a_watched_stage_is_mailed()
        self._no_move_was_lost()
        self._results_are_shown_once()

    def _no_move_was_lost(self) -> None:
        link = jobs.active_link(self.customer.job)
        stage = link and Stage(link.status, link.sub_status or None)
        taken = {address for address, _ in self.customer.server.taken}
        refused = self.customer.server.refused
        for person in self.customer.ats.people.values():
            here = not person.deleted and person.stage == stage
            if not here or not usable_address(person.email) or person.email in refused:
                continue
            if self.customer.counts(person, (stage, link.since), at=-1):
                assert person.email in taken, (person, self.customer.watched)

    def _results_are_shown_once(self) -> None:
        states = {
            invitation.application.candidate.ats_id: invitation.state
            for invitation in self.customer.invitations()
        }
        for person in self.customer.ats.people.values():
            if not person.deleted:
                finished = states.get(person.ats_id) is State.COMPLETED
                assert len(person.notes) == finished, (person, states)
                assert len(person.tags) == len(set(person.tags))
                assert ("Equalture completed" in person.tags) == finished


@pytest.mark.slow
def test_no_life_of_an_invitation_goes_wrong(app):
    run_state_machine_as_test(
        partial(Life, app),
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
