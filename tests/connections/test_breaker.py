"""SmartRecruiters does not answer for one customer: told where people look, probed, and over by
itself."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.connections import queries, service
from eqsr.connections.clients import client_for
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.ops.doctor import examine
from eqsr.outbox import breaker_state, breakers, lanes
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Breaker, Work, WorkState
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.outages import Unavailable


@pytest.fixture
def fails(story):
    """Switches northwind's SmartRecruiters to 503; returns how it is mended."""

    def mend() -> None:
        story.box._call("DELETE", "faults")

    story.box.post("faults", {"kind": "503", "match": {"company": story.company}})
    yield mend
    mend()


def opened(story) -> Breaker | None:
    with story.world.app.app_context():
        found = breaker_state.of(story.connection_id)
        db.session.remove()
        return found


def doctor(story) -> list[str]:
    with story.world.app.app_context():
        found = [str(one) for one in examine(lambda: True)]
        db.session.remove()
        return [line for line in found if " connection of northwind" in line]


def trip(story) -> None:
    for number in range(breakers.FAILURES_TO_OPEN):
        story.moves(story.applies(f"person{number}@example.org"))
    story.work("webhook_event")


def probes(story) -> list[Work]:
    return story.work.rows(WorkKind.PROBE_CONNECTION)


def test_three_calls_without_an_answer_open_it_and_it_is_told(story, fails):
    trip(story)
    found = opened(story)
    assert found.reason == "503"
    assert max(row.failures for row in story.work.rows("webhook_event")) < breakers.FAILURES_TO_OPEN
    (line,) = doctor(story)
    assert line.startswith("problem connection of northwind: its SmartRecruiters fails (503) since")
    page = story.world.log_in(story.world.alice).get("/connection").get_data(as_text=True)
    assert "SmartRecruiters has answered our calls with errors" in page
    metrics = story.world.app.test_client().get("/metrics").get_data(as_text=True)
    assert 'eqsr_breakers_open{manner="fails"} 1.0' in metrics
    assert 'eqsr_breakers_open{manner="hangs"} 0.0' in metrics


def test_probes_go_on_until_one_is_answered_and_then_all_is_done(story, fails):
    trip(story)
    start = now()
    for minute in range(1, 4):
        with time_machine.travel(start + timedelta(minutes=minute)):
            story.work(WorkKind.PROBE_CONNECTION)
        assert opened(story).probes == minute
    (probe,) = probes(story)
    assert (probe.state, probe.failures) == (WorkState.DUE, 0)
    fails()
    with time_machine.travel(start + timedelta(minutes=10)):
        story.work(WorkKind.PROBE_CONNECTION)
        assert opened(story) is None
        story.work.settle()
    assert len(story.mails("")) == breakers.FAILURES_TO_OPEN
    assert doctor(story) == ["ok      connection of northwind: works."]
    page = story.world.log_in(story.world.alice).get("/connection").get_data(as_text=True)
    assert "answered our calls with errors" not in page


def test_check_now_probes_at_once(story, fails):
    trip(story)
    fails()
    assert probes(story)[0].due_at > now()
    with story.world.app.app_context():
        service.request_check(story.connection_id, thorough=True)
        db.session.remove()
    story.work(WorkKind.PROBE_CONNECTION)
    assert opened(story) is None


def test_a_probe_is_one_call_that_gives_up_soon(story, fails, monkeypatch):
    trip(story)
    calls = []

    def company(self):
        calls.append(self._http.timeouts.read)

    monkeypatch.setattr(SmartRecruiters, "company", company)
    with time_machine.travel(now() + timedelta(minutes=1)):
        story.work(WorkKind.PROBE_CONNECTION)
    assert calls == [10.0]
    assert opened(story) is None


def test_a_refusal_is_an_answer(story, fails):
    """What to do about a scope that went is told elsewhere."""
    trip(story)
    fails()
    story.box.post("faults", {"kind": "403", "match": {"company": story.company}})
    with time_machine.travel(now() + timedelta(minutes=1)):
        story.work(WorkKind.PROBE_CONNECTION)
    assert opened(story) is None


def test_a_disconnected_connection_is_not_probed(story, fails):
    trip(story)
    with story.world.app.app_context():
        alice = db.session.scalar(select(User).where(User.email == story.world.alice))
        service.disconnect(story.connection_id, alice.id, alice.name)
        db.session.remove()
    with time_machine.travel(now() + timedelta(minutes=1)):
        story.work(WorkKind.PROBE_CONNECTION)
    assert opened(story) is None


def test_a_person_at_a_page_opens_nothing(story, fails):
    browser = story.world.log_in(story.world.alice)
    for _ in range(5):
        with story.world.app.app_context():
            client = client_for(queries.get(story.connection_id), for_page=True)
            with pytest.raises(Unavailable):
                client.company()
            breakers.conclude(story.connection_id)
            db.session.remove()
    assert browser.get("/connection").status_code == 200
    assert opened(story) is None


def test_only_the_slow_lane_waits_for_minutes(story, monkeypatch):
    def patience() -> float:
        with story.world.app.app_context():
            found = client_for(queries.get(story.connection_id))._http.timeouts.read
            db.session.remove()
            return found

    assert patience() == 20.0
    monkeypatch.setattr(lanes.current, "patient", True)
    assert patience() == 130.0
