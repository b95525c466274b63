"""A scope that goes is told at once; what needs it waits, and goes on when it is back."""

import sys
from contextlib import nullcontext
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from eqsr.activity import history as activity_history
from eqsr.connections import health, queries
from eqsr.connections.limits import SharedLimits
from eqsr.connections.models import Connection, ConnectionState
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.ops.doctor import examine
from eqsr.outbox.models import WorkState
from eqsr.smartrecruiters.scopes import SCOPES
from tests.conftest import environment
from tests.page_text import text_of
from tests.services.processes import eventually, running

ALL = [scope.value for scope in SCOPES]


@pytest.fixture
def may(story):
    """Leave the credential all scopes but these."""
    [credential] = story.box.get(f"companies/{story.company}/credentials")

    def grant(*without: str) -> None:
        scopes = [scope for scope in ALL if scope not in without]
        path = f"companies/{story.company}/credentials/{credential['id']}"
        story.box.post(path, {"scopes": scopes})

    return grant


@pytest.fixture(autouse=True)
def without_limits(story, monkeypatch):
    """These tests let hours pass in seconds; limits count by clocks that nobody moves."""
    story.box.post("settings", {"limits": False})
    monkeypatch.setattr(SharedLimits, "acquire", lambda *_: nullcontext())


@pytest.fixture
def page(story):
    browser = story.world.log_in(story.world.alice)
    return lambda: text_of(browser.get("/connection"))


def connection(story):
    with story.world.app.app_context():
        return queries.get(story.connection_id)


def alerts(story) -> list[str]:
    """Whom an alert about the connection was emailed to."""
    return [
        mail["to"][0]
        for mail in story.mails()
        if "connection to SmartRecruiters needs you" in mail["subject"]
    ]


def change(story, **values) -> None:
    with story.world.app.app_context(), transaction() as session:
        this = update(Connection).where(Connection.id == story.connection_id)
        session.execute(this.values(**values))


def age_of_check(story, **ago) -> None:
    """The scopes were checked a while ago, and all were there."""
    change(story, checked_at=now() - timedelta(**ago))


def test_a_scope_that_goes_is_told_by_the_first_event_that_needs_it(story, may, page):
    ada = story.applies()
    story.work()
    age_of_check(story, minutes=30)
    may("candidates_read")
    story.moves(ada)
    story.work()
    assert connection(story).state is ConnectionState.NEEDS_ATTENTION
    assert "The scope candidates_read is missing" in page()
    assert "The connection needs attention" in page()
    assert alerts(story) == [story.world.alice]
    # The event waits; nothing is dead and nobody was invited.
    assert {row.state for row in story.work.rows("webhook_event")} <= {
        WorkState.DONE,
        WorkState.WAITING,
    }
    assert not story.invitations()
    with story.world.app.app_context():
        found = [str(one) for one in examine(lambda: True) if not one.well]
    assert any("candidates_read is missing" in sentence for sentence in found), found

    may()
    with time_machine.travel(now() + timedelta(minutes=2)):
        story.work.by_clock()
        story.work.settle()
    assert connection(story).state is ConnectionState.ACTIVE
    assert [one.email for one in story.invitations()] == ["ada@example.org"]
    assert "connection_recovered" in kinds(story)
    assert not [row for row in story.work.rows() if row.state is WorkState.DEAD]


def kinds(story) -> list[str]:
    with story.world.app.app_context():
        return [line.kind for line in activity_history.of_connection(story.connection_id)]


@pytest.mark.slow
def test_it_is_told_once_however_long_it_lasts_and_asked_ever_more_rarely(story, may):
    may("candidates_read")
    age_of_check(story, minutes=30)
    ada = story.applies()
    story.moves(ada)
    story.work()
    start = now()
    for minutes in range(1, 181):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            story.work.by_clock()
            story.work()
    rows_left = [row for row in story.work.rows() if row.state is WorkState.DEAD]
    assert rows_left == []
    assert alerts(story) == [story.world.alice]
    assert kinds(story).count("connection_trouble") == 1
    waiting = [row for row in story.work.rows("webhook_event") if row.state is WorkState.WAITING]
    assert waiting and all(row.claims < 4 for row in waiting)
    may()
    with time_machine.travel(start + timedelta(minutes=200)):
        story.work.by_clock()
        story.work.settle()
    assert [one.email for one in story.invitations()] == ["ada@example.org"]


def test_probes_become_rarer(story, may):
    """Of the looks of every half minute, only some ask SmartRecruiters."""
    may("candidates_read")
    age_of_check(story, minutes=30)
    story.moves(story.applies())
    story.work()
    start, asked = now(), []
    for half_minutes in range(1, 121):
        with time_machine.travel(start + timedelta(seconds=30 * half_minutes)):
            with story.world.app.app_context():
                health.probe_due()
            if story.work("check_health"):
                asked.append(half_minutes / 2)
    assert 5 <= len(asked) <= 15, asked
    assert asked[0] <= 1.5 and asked[-1] - asked[-2] >= 9, asked


def test_one_candidate_out_of_reach_is_no_lost_scope(story, page):
    story.box.post(
        "faults",
        {"kind": "404", "match": {"path": "/candidates/*/jobs/*"}, "times": 1},
    )
    story.moves(story.applies())
    story.work()
    assert connection(story).state is ConnectionState.ACTIVE
    assert "needs attention" not in page()
    assert alerts(story) == []


def test_a_problem_that_comes_and_goes_is_emailed_once(story, may):
    for _again in range(3):
        may("candidates_read")
        age_of_check(story, minutes=30)
        story.moves(story.applies(email=f"a{_again}@example.org"))
        story.work()
        assert connection(story).state is ConnectionState.NEEDS_ATTENTION
        may()
        with time_machine.travel(now() + timedelta(minutes=2)):
            story.work.by_clock()
            story.work.settle()
        assert connection(story).state is ConnectionState.ACTIVE
    assert alerts(story) == [story.world.alice]
    may("messages_write")
    age_of_check(story, hours=7)
    story.work.by_clock()
    story.work()
    assert alerts(story) == [story.world.alice] * 2  # another problem


def test_a_scope_that_once_told_nothing_counts_as_what_it_tells_later(story, page):
    """One failing answer must not stand on the page for hours."""
    age_of_check(story, hours=7)
    story.box.post("faults", {"kind": "503", "match": {"path": "/attachments/*"}})
    story.box.post("faults", {"kind": "503", "match": {"path": "/candidates/*/attachments"}})
    story.work.by_clock()
    story.work("check_health")
    # It was granted before: that stands.
    assert "did not tell" not in page()
    assert all(row["outcome"] == "granted" for row in connection(story).scopes)


def test_a_scope_of_which_nothing_is_known_is_asked_at_every_check(story, page):
    known = connection(story).scopes
    unsure = [
        row | {"outcome": "unproved"} if row["scope"] == "candidates_create" else row
        for row in known
    ]
    change(story, scopes=unsure)
    assert "did not tell" in page()
    story.work.by_clock()
    story.work("check_health")
    assert "did not tell" not in page()


def test_moves_that_arrive_while_a_scope_is_missing_are_caught_up_with(story, may):
    may("candidates_read", "configuration_read")
    age_of_check(story, minutes=30)
    people = [story.applies(email=f"p{number}@example.org") for number in range(4)]
    for person in people:
        story.moves(person)
    start = now()
    for minutes in (1, 20, 40, 60):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            story.work.by_clock()
            story.work()
    assert not [row for row in story.work.rows() if row.state is WorkState.DEAD]
    may()
    with time_machine.travel(start + timedelta(minutes=75)):
        story.work.by_clock()
        story.work.settle()
    assert sorted(one.email for one in story.invitations()) == [
        f"p{number}@example.org" for number in range(4)
    ]


@pytest.mark.slow
def test_with_a_worker_it_is_told_within_a_minute(story, may, settings, redis, tmp_path):
    port = settings.port
    values = environment(tmp_path, settings.database_url, redis.url, story.box, port)
    age_of_check(story, minutes=30)
    with running([sys.executable, "worker.py"], tmp_path / "log", values) as process:
        may("candidates_read")
        story.moves(story.applies())
        told = eventually(
            lambda: connection(story).state is ConnectionState.NEEDS_ATTENTION and alerts(story), 60
        )
        assert told, process.output
    assert alerts(story) == [story.world.alice]
