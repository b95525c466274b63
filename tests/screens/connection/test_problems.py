"""Issues open and close by themselves."""

from datetime import timedelta

import pytest
import requests
import time_machine

from eqsr.connections import queries
from eqsr.connections.models import HiringStage
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.outbox.handlers import handles
from eqsr.reconciling import service as reconciling
from eqsr.screens.connection.problems import issues
from tests.outbox.kinds import OwnKind
from tests.services.processes import eventually
from tests.story import STAGE


class Trouble(Exception):
    retryable = True


trouble = {"on": False}


@handles(OwnKind.ISSUE_PROBE, attempts=50)
def probe(_subject_id):
    if trouble["on"]:
        raise Trouble("away")


@pytest.fixture
def page(story):
    browser = story.world.log_in(story.world.alice)
    return lambda: browser.get("/connection").get_data(as_text=True)


def said(story, *job_ids):
    with story.world.app.app_context():
        return issues(queries.get(story.connection_id), job_ids or (story.job_id,))


def test_a_working_connection_has_none(story, page):
    assert said(story) == []
    assert "could not deliver" not in page()


def test_half_of_the_steps_failing(story, page):
    from eqsr.core.columns import new_id
    from eqsr.outbox.service import enqueue

    trouble["on"] = True
    with story.world.app.app_context(), transaction():
        for _ in range(40):
            enqueue(OwnKind.ISSUE_PROBE, new_id(), connection_id=story.connection_id)
    story.work("issue_probe")
    assert any("failed at first" in sentence for sentence in said(story))
    assert "steps with SmartRecruiters failed at first" in page()
    trouble["on"] = False
    with time_machine.travel(now() + timedelta(hours=1)):
        story.work.hurry()
        story.work("issue_probe")
    with time_machine.travel(now() + timedelta(hours=26)):
        assert said(story) == []


def test_events_that_only_the_comparison_found(story, page):
    story.box.post("faults", {"kind": "wrong_signature"})
    story.applies(**STAGE)
    assert eventually(lambda: story.box.get("deliveries")[0]["attempts"])
    story.work()
    with story.world.app.app_context():
        reconciling.begin(story.connection_id, thorough=True)
    story.work()
    assert len(story.mails()) == 1
    assert any("could not deliver" in sentence for sentence in said(story))
    assert "could not deliver" in page()


def test_a_stage_that_is_gone(story, page):
    with story.world.app.app_context(), transaction() as session:
        for stage in session.query(HiringStage).filter_by(sub_status="Assessment"):
            stage.gone_at = now()
    assert ["no longer has" in sentence for sentence in said(story)] == [True]
    assert "Developers is connected to a stage" in page()
    for who, seen in ((story.world.bob, True), (story.world.dora, False)):
        shown = story.world.log_in(who).get("/connection").get_data(as_text=True)
        assert ("Developers is connected to a stage" in shown) is seen
        assert ("connected Java Developer, stage In review: Assessment" in shown) is seen


def test_webhooks_that_are_silent_while_candidates_move(story, page):
    """Nothing is delivered, and SmartRecruiters' log knows nothing of it either."""
    story.box.post("faults", {"kind": "drop"})
    story.moves(story.applies())

    def compared() -> list[str]:
        with story.world.app.app_context():
            reconciling.begin(story.connection_id, thorough=True)
        story.work.settle()
        return said(story)

    assert compared() == []  # the event may be on its way
    assert len(story.mails()) == 1
    with time_machine.travel(now() + timedelta(minutes=20)):
        assert ["tells us of no move any more" in one for one in said(story)] == [True]
        assert "tells us of no move any more" in page()
    requests.delete(f"{story.box.url}/sandbox/api/faults", timeout=30).raise_for_status()
    story.moves(story.applies("bea@example.org"))
    story.work()
    with time_machine.travel(now() + timedelta(minutes=20)):
        assert said(story) == []
