"""An event that arrives before SmartRecruiters' own reads show its move."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from eqsr.core.clock import now
from eqsr.invitations.read_lag import (
    LOOK_AT_AGES,
    Known,
    is_behind,
    reported_at,
    seconds_to_next_look,
)
from eqsr.invitations.snapshot import Snapshot
from eqsr.smartrecruiters.types.candidates import StatusChange
from tests.invitations.decision_facts import OTHER, WANTED

MOMENT = datetime(2026, 5, 1, 12, tzinfo=UTC)
AGO = timedelta(days=3)


def shown(stage, *moves):
    """A snapshot in this stage, read at MOMENT; moves as (how long before, stage)."""
    history = tuple(StatusChange(MOMENT - ago, one.status, one.sub_status) for ago, one in moves)
    return Snapshot(stage, history, "ada@example.org", just_moved=True, at=MOMENT)


SECOND = timedelta(seconds=1)
LONG_AGO = Known(OTHER, MOMENT - AGO, read_at=MOMENT - AGO)
JUST_READ = Known(OTHER, MOMENT - AGO, read_at=MOMENT + SECOND)


@pytest.mark.parametrize(
    ("snapshot", "known", "behind"),
    [
        # Unchanged since it was read before the event.
        (shown(OTHER, (AGO, OTHER)), LONG_AGO, True),
        # It had just come there, which an earlier event told.
        (
            shown(OTHER, (4 * SECOND, OTHER)),
            Known(OTHER, MOMENT - 4 * SECOND, MOMENT - SECOND),
            True,
        ),
        # Unchanged since it was read after the event, and no change is as young as the event.
        (shown(OTHER, (AGO, OTHER)), JUST_READ, True),
        # Never read before, and its latest change is days old.
        (shown(OTHER, (AGO, OTHER)), None, True),
        (shown(OTHER, (SECOND, OTHER)), None, False),
        # The move, or a later one, shows.
        (shown(WANTED, (AGO, OTHER), (SECOND, WANTED)), LONG_AGO, False),
        # It shows, and an earlier event about it was acted on after this one had arrived.
        (
            shown(WANTED, (AGO, OTHER), (SECOND, WANTED)),
            Known(WANTED, MOMENT - SECOND, MOMENT + SECOND),
            False,
        ),
        # Out and in again, of which the read shows all: the date tells.
        (shown(OTHER, (AGO, OTHER), (SECOND, OTHER)), LONG_AGO, False),
        # Without a history: an unchanged stage is suspicious, a first read can't be judged.
        (shown(OTHER), Known(OTHER, None, MOMENT - AGO), True),
        (shown(WANTED), Known(OTHER, None, MOMENT - AGO), False),
        (shown(OTHER), None, False),
    ],
)
def test_whether_a_read_may_be_older_than_the_event(snapshot, known, behind):
    assert is_behind(snapshot, MOMENT, known) is behind


def test_the_looks_are_at_fixed_ages_and_end():
    looks, age = [], timedelta()
    while (wait := seconds_to_next_look(age)) is not None:
        age += timedelta(seconds=wait)
        looks.append(age.total_seconds())
    assert tuple(looks) == LOOK_AT_AGES
    assert seconds_to_next_look(timedelta(hours=1)) is None


@pytest.mark.parametrize(
    ("signed", "counts"),
    [
        (None, MOMENT),  # not delivered, or stored by an earlier version
        (MOMENT - SECOND, MOMENT),
        (MOMENT - timedelta(seconds=119), MOMENT),  # their clock may be behind ours
        (MOMENT + timedelta(minutes=3), MOMENT),  # or ahead
        (MOMENT - timedelta(seconds=121), MOMENT - timedelta(seconds=121)),
        (MOMENT - AGO, MOMENT - AGO),
    ],
)
def test_a_signed_time_counts_where_the_event_was_delivered_late(signed, counts):
    assert reported_at(MOMENT, signed) == counts


def behind(story, candidate, times: int) -> None:
    """Let so many reads of the application, and of its history, show it before its last move."""
    for path in (f"/candidates/{candidate['id']}/jobs/{story.ats_job}", "*/status/history"):
        story.box.post("faults", {"kind": "behind", "match": {"path": path}, "times": times})


@pytest.fixture
def ada(story):
    found = story.applies()
    story.told()
    story.work()
    return found


def test_a_move_that_does_not_show_yet_is_read_again_within_seconds(story, ada):
    behind(story, ada, times=2)
    story.moves(ada)
    story.work()
    assert (story.mails(), story.invitations()) == ([], [])
    assert [line for line in story.activity() if "no invitation" in line.lower()] == []
    with time_machine.travel(now() + timedelta(seconds=3)):
        story.work()
        assert story.mails() == []
    with time_machine.travel(now() + timedelta(seconds=6)):
        story.work()
    assert len(story.mails()) == 1


def is_done(story) -> bool:
    """Whether the work of acting on the last event is done."""
    return story.work.rows("webhook_event")[-1].state == "done"


def reads(story) -> int:
    """How many reads of applications did not show the move."""
    return sum(one["fault"] == "behind" for one in story.box.get("requests?path=/jobs/&status=200"))


def test_after_the_last_look_what_is_read_is_believed(story, ada):
    behind(story, ada, times=100)
    story.moves(ada)
    begun, before = now(), story.activity()
    for age in (0, 3, 6, 16):
        with time_machine.travel(begun + timedelta(seconds=age)):
            story.work()
            assert not is_done(story)
            assert story.activity() == before, "nothing is said before the last look"
    with time_machine.travel(begun + timedelta(seconds=41)):
        story.work()
    assert is_done(story)
    assert story.invitations() == []
    assert reads(story) == 2 * (len(LOOK_AT_AGES) + 1), "the application and its history, each time"


def test_an_event_that_waited_in_a_backlog_is_read_once(story, ada):
    behind(story, ada, times=100)
    story.moves(ada)
    with time_machine.travel(now() + timedelta(minutes=10)):
        story.work()
    assert is_done(story)
    assert reads(story) == 2
