"""Stages and jobs that changed in SmartRecruiters are read again: by the clock and when asked."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from eqsr.activity import history as activity_history
from eqsr.activity.sentences import sentence
from eqsr.connections import job_lookup, job_mirror, queries, stage_mirror
from eqsr.connections import refresh as refreshing
from eqsr.connections.models import AtsJob, ConnectionState
from eqsr.connections.stage_mirror import mirror_stages
from eqsr.core.clock import now
from eqsr.core.db import db, end_read
from tests.connections.hiring_processes import stages
from tests.page_text import text_of
from tests.story import STAGE
from tests.world import csrf, csrf_token


def opens(story, title: str) -> str:
    """A job of which no event tells us."""
    job = {"title": title, "quiet": True}
    return story.box.post(f"companies/{story.company}/jobs", job)["id"]


def known_jobs(story) -> list[str]:
    with story.world.app.app_context():
        end_read()
        query = select(AtsJob.title).where(AtsJob.connection_id == story.connection_id)
        return sorted(db.session.scalars(query.where(AtsJob.gone_at.is_(None))))


def known_stages(story) -> list[str]:
    with story.world.app.app_context():
        end_read()
        return [one.sub_status for one in job_lookup.stages(story.connection_id) if one.sub_status]


def told(story) -> list[str]:
    with story.world.app.app_context():
        return [sentence(line) for line in activity_history.of_connection(story.connection_id)]


@pytest.fixture
def alice(story):
    return story.world.log_in(story.world.alice)


def press(browser, path: str, **form):
    token = csrf(browser, "/connection")
    return browser.post(path, data={"csrf_token": token, **form}, follow_redirects=True)


def test_within_a_quarter_of_an_hour_by_the_clock_alone(story, alice):
    opens(story, "Missed job")
    stages(story, IN_REVIEW=["Phone screen", "Assessment", "Trial day"])
    with time_machine.travel(now() + timedelta(minutes=11)):
        story.work.by_clock()
        story.work()
    assert "Missed job" in known_jobs(story)
    assert known_stages(story) == ["Phone screen", "Assessment", "Trial day"]
    assert "New hiring stages in SmartRecruiters: In review: Trial day." in text_of(
        alice.get("/connection")
    )
    # Two calls, not the list of all jobs.
    assert len(story.work.rows("mirror_jobs")) == 1


@pytest.mark.parametrize("path", ["/connection/check", "/connection/compare", "/jobs/{}/compare"])
def test_when_a_person_asks(story, alice, path):
    opens(story, "Missed job")
    gone = opens(story, "Gone job")
    with story.world.app.app_context():
        job_mirror.mirror_job(story.connection_id, gone)
    stages(story, IN_REVIEW=["Assessment", "Phone screen", "Trial day"])
    answer = press(alice, path.format(story.job_id))
    assert answer.status_code == 200
    story.work.settle()
    assert "Missed job" in known_jobs(story)
    assert known_stages(story) == ["Assessment", "Phone screen", "Trial day"]
    assert "The order of the hiring stages changed in SmartRecruiters." in told(story)


def test_compare_now_of_a_job_invites_whom_events_missed(story, alice):
    story.box.post("faults", {"kind": "drop"})
    story.applies(**STAGE)
    story.told()
    assert "being compared" in text_of(press(alice, f"/jobs/{story.job_id}/compare"))
    story.work.settle()
    assert [one.email for one in story.invitations()] == ["ada@example.org"]


def test_compare_now_is_for_those_who_see_the_job(story):
    dora = story.world.log_in(story.world.dora)
    token = csrf_token(dora)
    path = f"/jobs/{story.job_id}/compare"
    assert dora.post(path, data={"csrf_token": token}).status_code == 404
    bob = story.world.log_in(story.world.bob)
    token = csrf_token(bob)
    assert bob.post(path, data={"csrf_token": token}).status_code == 303
    bob.post(path, data={"csrf_token": token})
    assert "A comparison is going on already" in text_of(bob.get(f"/jobs/{story.job_id}"))


def test_what_did_not_change_is_told_of_by_nobody(story):
    before = told(story)
    for minutes in (11, 22, 33):
        with time_machine.travel(now() + timedelta(minutes=minutes)):
            story.work.by_clock()
            story.work()
    assert [line for line in told(story) if line not in before] == []


def test_an_answer_that_was_under_way_for_longer_changes_nothing(story, monkeypatch):
    """What was asked for before a newer reading is old when it arrives."""
    with story.world.app.app_context():
        real = stage_mirror.client_for

        class Slow:
            def __init__(self, client):
                self._client = client

            def hiring_processes(self):
                old = self._client.hiring_processes()
                stages(story, IN_REVIEW=["Phone screen", "Assessment", "Trial day"])
                with monkeypatch.context() as patch:
                    patch.setattr(stage_mirror, "client_for", real)
                    mirror_stages(story.connection_id)
                return old

        with monkeypatch.context() as patch:
            patch.setattr(stage_mirror, "client_for", lambda *args, **kw: Slow(real(*args, **kw)))
            mirror_stages(story.connection_id)
    assert "Trial day" in known_stages(story)


def test_more_changes_than_fit_are_read_with_the_list_of_all_jobs(story):
    wish = {"count": 250, "title_prefix": "Many", "quiet": True}
    story.box.post(f"companies/{story.company}/jobs/bulk", wish)
    with story.world.app.app_context():
        refreshing.refresh(story.connection_id, seconds=0)
        assert queries.get(story.connection_id).refreshed_at is None
    story.work.settle()
    assert len(known_jobs(story)) == 251


def test_a_disconnected_account_is_not_read(story):
    with story.world.app.app_context():
        from eqsr.core.db import transaction

        with transaction():
            queries.for_update(story.connection_id).state = ConnectionState.DISCONNECTED
        refreshing.refresh(story.connection_id)
        assert queries.get(story.connection_id).refreshed_at is None
