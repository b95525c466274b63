"""Moves of which no event reached us are found, and only those are mailed who are still there."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from eqsr.connections import service as connections
from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations.models import InvitationState as State
from eqsr.jobs.models import StageLink
from eqsr.outbox.models import WorkState
from eqsr.reconciling import handlers, history, progress, service
from eqsr.reconciling.models import Sweep
from eqsr.reconciling.stages import EVENTS_FIRST
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.types.lists import ApiPage
from eqsr.webhooks.models import EventSource, WebhookEvent
from tests.services.processes import eventually
from tests.story import STAGE

INTERVIEW = {"status": "INTERVIEW"}


@pytest.fixture
def silent(sweeps):
    """SmartRecruiters tells us of nothing."""
    sweeps.fault("drop")


def test_a_move_that_nobody_told_us_of_is_found_in_the_stage(story, sweeps, silent):
    ada = story.applies()
    story.moves(ada)
    story.work()
    assert story.mails() == []
    sweeps.run()
    sweeps.run()
    assert len(story.mails()) == 1
    assert story.activity()[:2] == [
        "A check of SmartRecruiters found the application in In review: Assessment.",
        "Invited to Developers because the application is in In review: Assessment.",
    ]


def test_an_event_that_we_refused_is_found_in_the_log(story, sweeps):
    """The log has it although no try of delivering it succeeded."""
    ada = story.applies()
    story.told()
    fault = sweeps.fault("wrong_signature")
    story.box.post(f"companies/{story.company}/moves", {**where(story, ada), **STAGE})
    assert story.box.get("deliveries/summary")["delivered"] == 1
    sweeps.end(fault)
    sweeps.begin()
    story.work("sweep_callbacks", "webhook_event")
    story.work()
    assert len(story.mails()) == 1
    with story.world.app.app_context():
        sources = db.session.scalars(select(WebhookEvent.source)).all()
        db.session.remove()
    assert EventSource.CALLBACKS_LOG in sources


def test_events_that_wait_for_their_turn_come_before_a_sweep(story, sweeps):
    """Else a burst would be read twice, within limits that hardly let it be read once."""
    ada = story.applies()
    story.moves(ada)
    story.told()
    sweeps.begin()
    story.work("sweep_stage")
    assert sweeps.latest()["looked_at"] == 0
    with time_machine.travel(now() + EVENTS_FIRST + timedelta(seconds=1)):
        story.work("sweep_stage")
    assert sweeps.latest()["looked_at"] > 0, "it does not wait for ever"


def test_after_a_day_of_downtime_those_who_are_still_there_are_invited(story, sweeps, silent):
    still_there, gone_on, came_back = (
        story.applies(f"{name}@example.org") for name in ("ada", "bea", "cleo")
    )
    for candidate in (still_there, gone_on, came_back):
        story.moves(candidate)
    story.moves(gone_on, **INTERVIEW)
    story.moves(came_back, **INTERVIEW)
    story.moves(came_back)
    with sweeps.later(days=1):
        story.work.by_clock()
        story.work()
    assert sorted(mail["to"][0] for mail in story.mails()) == [
        "ada@example.org",
        "cleo@example.org",
    ]
    assert (
        "Not invited: the application was in In review: Assessment, but had moved on to "
        "Interview before we could invite." in story.activity()
    )


def test_a_mail_that_waited_for_a_day_is_not_sent_to_who_has_left(story, sweeps):
    fault = sweeps.fault("smtp_refuse")
    left, stays = story.applies("ada@example.org"), story.applies("bea@example.org")
    for candidate in (left, stays):
        story.moves(candidate)
    story.work()
    story.moves(left, **INTERVIEW)
    story.work()
    sweeps.end(fault)
    with sweeps.later(days=1):
        story.work()
        assert [mail["to"] for mail in story.mails()] == [["bea@example.org"]]
        assert State.CANCELLED in [each.state for each in story.invitations()]
    # Coming back counts: nothing was ever mailed.
    story.moves(left)
    story.work()
    assert len(story.mails(to="ada@example.org")) == 1


def test_who_is_invited_costs_no_look_and_no_second_mail(story, sweeps):
    ada = story.applies()
    story.moves(ada)
    story.work()
    calls = len(sweeps.calls(path=f"/candidates/{ada['id']}"))
    sweeps.run(thorough=True)
    assert len(sweeps.calls(path=f"/candidates/{ada['id']}")) == calls
    assert len(story.mails()) == 1


def test_who_was_there_before_connecting_is_told_apart_by_a_sweep_too(story, sweeps):
    story.applies(**STAGE, quiet=True)
    with story.world.app.app_context(), transaction() as session:
        link = session.scalar(select(StageLink))
        link.since = link.counts_from = now() + timedelta(minutes=10)
    sweeps.run(thorough=True)
    assert story.mails() == []
    assert any("before the job was connected" in line for line in story.activity())


def test_a_stage_of_250_is_paged_through(story, sweeps):
    crowd = {"count": 250, "jobId": story.ats_job, "email_prefix": "crowd", "quiet": True}
    story.box.post(f"companies/{story.company}/candidates/bulk", crowd | STAGE)
    sweeps.begin(thorough=False)
    story.work("sweep_stage")
    assert sweeps.latest()["looked_at"] == 250
    assert len(story.work.rows("check_application")) == 250
    pages = sweeps.calls(path="/candidates", company=story.company)
    assert len([one for one in pages if "pageId" in one["query"]]) == 2


@pytest.mark.parametrize("kind", ["429", "500", "503", "cut", "garbage", "401", "403"])
def test_a_page_that_fails_is_put_back_and_none_is_skipped(story, sweeps, silent, kind):
    crowd = {"count": 101, "jobId": story.ats_job, "email_prefix": "crowd", "quiet": True}
    story.box.post(f"companies/{story.company}/candidates/bulk", crowd | STAGE)
    times = 2 if kind == "401" else 1
    sweeps.fault(kind, times=times, match={"path": "/candidates"})
    sweeps.begin(thorough=False)
    story.work("sweep_stage")
    (row,) = story.work.rows("sweep_stage")
    assert row.state in (WorkState.DUE, WorkState.WAITING)
    assert row.failures == (kind != "429")

    def goes_on():
        story.work("check_health")
        story.work.hurry()
        story.work("sweep_stage")
        return sweeps.latest()["looked_at"] == 101

    assert eventually(goes_on), "after a 429 nothing is asked for a second"
    assert len(story.work.rows("check_application")) == 101


def test_pages_that_go_round_in_circles_end(story, sweeps, monkeypatch):
    asked = []

    def page(self, **filters):
        asked.append(filters["page_id"])
        return ApiPage((), "always the same", None)

    monkeypatch.setattr(SmartRecruiters, "candidates_page", page)
    sweeps.begin(thorough=False)
    story.work("sweep_stage")
    assert asked == [None, "always the same"]
    assert sweeps.latest()["going_on"] == 2  # the other two places; this one has ended


def test_a_page_that_smartrecruiters_no_longer_knows_is_left_to_the_next_sweep(
    story, sweeps, silent
):
    crowd = {"count": 101, "jobId": story.ats_job, "email_prefix": "crowd", "quiet": True}
    story.box.post(f"companies/{story.company}/candidates/bulk", crowd | STAGE)
    sweeps.begin(thorough=True)
    with story.world.app.app_context():
        sweep = db.session.scalar(select(Sweep).where(Sweep.stage_link_id.is_not(None)))
        progress.turn_page(sweep.id, "unknown", 0, 0)
        db.session.remove()
    story.work("sweep_stage")
    assert sweeps.latest()["looked_at"] == 0
    with sweeps.later(minutes=16):
        story.work.by_clock()
        story.work("sweep_stage")
    assert len(story.work.rows("check_application")) == 101


def test_a_place_is_swept_once_at_a_time_and_again_if_it_is_stuck(story, sweeps):
    assert sweeps.begin() == 3
    assert sweeps.begin() == 0
    with time_machine.travel(now() + history.STUCK + timedelta(minutes=1)):
        assert sweeps.begin() == 3


def test_looking_through_one_stage_puts_off_no_other_place(story, sweeps):
    sweeps.run()
    with sweeps.later(days=1, hours=1), story.world.app.app_context():
        service.begin_stage(db.session.scalar(select(StageLink)))
        assert service.begin(story.connection_id) == 2  # the stage is being looked through
        latest = select(Sweep.thorough).order_by(Sweep.started_at.desc()).limit(3)
        assert db.session.scalars(latest).all() == [True] * 3
        db.session.remove()


def test_sweeps_of_long_ago_are_forgotten(story, sweeps):
    assert sweeps.begin() == 3
    with story.world.app.app_context():
        assert history.forget_old() == 0
        with time_machine.travel(now() + history.KEEP_SWEEPS + timedelta(days=1)):
            assert history.forget_old() == 3
        db.session.remove()


def test_who_is_being_looked_at_is_not_written_down_again(story, sweeps, silent):
    """Else every sweep would add a row while SmartRecruiters can't be read, and each one its
    calls."""
    story.moves(story.applies())
    sweeps.fault("503", match={"path": "/candidates/*/jobs/*"})
    for _again in range(2):
        sweeps.begin(thorough=False)
        story.work("sweep_stage", "check_application")
    (row,) = story.work.rows("check_application")
    assert row.state is WorkState.DUE
    assert row.failures


def test_who_is_in_a_sub_status_of_the_watched_status_costs_no_look_each_time(
    story, sweeps, silent
):
    """SmartRecruiters lists them under the status alone."""
    with story.world.app.app_context(), transaction() as session:
        session.scalar(select(StageLink)).sub_status = ""
    ada = story.applies(status="IN_REVIEW", subStatus="Phone screen", quiet=True)

    def looks() -> int:
        sweeps.run(thorough=False)
        return len(sweeps.calls(path=f"/candidates/{ada['id']}"))

    with sweeps.later(minutes=20):
        first = looks()
        assert first > 0
        assert looks() == first
        story.moves(ada)
        assert looks() > first


def test_nobody_is_invited_after_disconnecting_though_events_still_come(story, sweeps):
    sweeps.fault("503", match={"path": "/webhooks-api/*", "method": "DELETE"})
    with story.world.app.app_context():
        connections.disconnect(story.connection_id, None, "Alice")
        db.session.remove()
    story.moves(story.applies())
    story.work()
    told = {mail["to"][0] for mail in story.mails()}
    assert told <= {story.world.alice}, "admins hear of the disconnecting, candidates of nothing"
    assert {row.state for row in story.work.rows("webhook_event")} == {WorkState.WAITING}


def test_the_clock_begins_a_sweep_at_once_after_we_were_away(story, sweeps):
    with story.world.app.app_context():
        handlers.begin_due()
        first = db.session.scalar(select(Connection.reconciled_at))
        handlers.begin_due()
        assert db.session.scalar(select(Connection.reconciled_at)) == first
        with time_machine.travel(now() + timedelta(minutes=16)):
            handlers.begin_due()
            assert db.session.scalar(select(Connection.reconciled_at)) > first
        db.session.remove()


def where(story, candidate):
    return {"candidateId": candidate["id"], "jobId": story.ats_job}
