"""A wrong clock of ours is named, and the events that it refuses come in all the same."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from eqsr.connections import clock_skew, service
from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.ops import connection_findings
from eqsr.reconciling import service as reconciling
from eqsr.smartrecruiters.server_clock import ServerClock
from tests.page_text import text_of
from tests.story import STAGE

SENT = datetime(2027, 3, 1, 9, tzinfo=UTC)
LATER = SENT + timedelta(seconds=3)


@pytest.mark.parametrize(
    ("date", "offset"),
    [
        ("Mon, 01 Mar 2027 09:00:00 GMT", 0),
        ("Mon, 01 Mar 2027 09:00:03 GMT", 0),
        ("Mon, 01 Mar 2027 08:59:59 GMT", 0),
        ("Mon, 01 Mar 2027 08:53:20 GMT", 399),
        ("Mon, 01 Mar 2027 09:06:43 GMT", -400),
        ("Mon, 01 Mar 2027 09:06:43 -0000", -400),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_the_date_of_an_answer_tells_how_far_we_are_off(date, offset):
    clock = ServerClock()
    clock.note(date, SENT, LATER)
    assert clock.offset == offset


def check(story) -> None:
    with story.world.app.app_context():
        service.request_check(story.connection_id)
        db.session.remove()
    story.work("check_health")


def told(story) -> tuple[str, str, dict]:
    """What doctor, the connection page and /readyz say."""
    with story.world.app.app_context():
        doctor = str(connection_findings.clock())
    page = text_of(story.world.log_in(story.world.alice).get("/connection"))
    return doctor, page, story.world.app.test_client().get("/readyz").json


@pytest.mark.parametrize(("seconds", "way"), [(400, "ahead of"), (-400, "behind")])
def test_a_clock_that_is_off_is_named_and_forgotten_once_it_is_right(story, seconds, way):
    with time_machine.travel(now() + timedelta(seconds=seconds)):
        check(story)
        doctor, page, ready = told(story)
    assert doctor.startswith("problem clock") and f"seconds {way} SmartRecruiters'" in doctor
    assert f"seconds {way} SmartRecruiters'" in page
    assert ready["status"] == "ready"
    assert abs(ready["clock_offset_seconds"] - seconds) < 10
    check(story)
    doctor, page, ready = told(story)
    assert doctor.startswith("ok") and way not in page and "clock_offset_seconds" not in ready


def test_a_difference_that_hardly_matters_is_not_told(story):
    with time_machine.travel(now() + timedelta(seconds=30)):
        check(story)
        assert told(story)[0].startswith("ok")


def test_an_answer_without_a_date_changes_nothing(story):
    with story.world.app.app_context():
        clock_skew.record(story.connection_id, 500)
        clock_skew.record(story.connection_id, None)
        assert db.session.get_one(Connection, story.connection_id).clock_offset == 500


@pytest.mark.parametrize("seconds", [400, -400])
def test_events_come_in_though_our_clock_is_wrong(story, seconds):
    with time_machine.travel(now() + timedelta(seconds=seconds)):
        ada = story.applies()
        where = {"candidateId": ada["id"], "jobId": story.ats_job} | STAGE
        story.box.post(f"companies/{story.company}/moves", where)
        with story.world.app.app_context():
            reconciling.begin(story.connection_id)
            db.session.remove()
        story.work()
    # By our clock the move seems older than its event, which is looked at for a minute then.
    with time_machine.travel(now() + timedelta(seconds=seconds + 120)):
        story.work()
        assert len(story.mails("ada@example.org")) == 1
