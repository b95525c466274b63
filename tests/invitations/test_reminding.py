"""Reminders: on time, once, in working hours, and only where they still make sense."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from eqsr.candidates.models import Application, Candidate
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import due_reminders
from eqsr.invitations.models import Invitation, Reminder
from eqsr.invitations.reminder_times import BEFORE_THE_END, Times
from eqsr.invitations.working_hours import working_hour
from tests.invitations.conftest import Recruiter, at_once
from tests.invitations.dates import AMSTERDAM, working_day
from tests.invitations.reminders import look, was_sent
from tests.page_text import text_of
from tests.people import said_at

SENT = datetime(2027, 3, 1, 9, tzinfo=UTC)


def test_what_is_due_when():
    times = Times(SENT, SENT + timedelta(days=14), [3, 7], 48)

    def due(**after):
        return times.due(SENT + timedelta(**after))

    assert due(days=2, hours=23) == []
    assert due(days=3) == [3]
    assert due(days=7) == [3, 7]
    assert due(days=11, hours=23) == [3, 7]
    assert due(days=12) == [3, 7, BEFORE_THE_END]
    assert Times(SENT, SENT + timedelta(days=14), [], 0).due(SENT + timedelta(days=13)) == []


def test_an_invitation_that_ends_soon_has_no_reminder_at_once():
    assert Times(SENT, SENT + timedelta(hours=40), [3], 48).due(SENT + timedelta(minutes=1)) == []


@pytest.mark.parametrize(
    ("moment", "works"),
    [
        ("2027-03-01 07:59", False),
        ("2027-03-01 08:00", True),
        ("2027-03-05 19:59", True),
        ("2027-03-05 20:00", False),
        ("2027-03-06 12:00", False),
        ("2027-03-07 12:00", False),
        ("2027-07-05 08:00", True),
        ("2027-07-05 07:59", False),
    ],
)
@pytest.mark.parametrize("country", [None, "NL", "ZZ"])
def test_working_hours_follow_the_organisations_clock_where_no_other_is_known(
    moment, works, country
):
    there = datetime.fromisoformat(moment).replace(tzinfo=AMSTERDAM)
    assert working_hour(there.astimezone(UTC), country, "Europe/Amsterdam") is works


@pytest.mark.parametrize(
    ("country", "moment", "works"),
    [
        ("IN", "2027-03-01 05:00", True),  # 10:30 in Kolkata, and 6:00 in Amsterdam
        ("IN", "2027-03-01 15:00", False),
        ("US", "2027-03-01 15:00", False),  # 10:00 in New York, and 5:00 in Honolulu
        ("US", "2027-03-01 19:00", True),
        ("IL", "2027-03-05 10:00", False),  # a Friday
        ("IL", "2027-03-07 10:00", True),  # a Sunday
        ("AQ", "2027-03-01 10:00", True),  # never daytime in all of it: by the organisation's clock
    ],
)
def test_nights_and_weekends_are_the_candidates(country, moment, works):
    there = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert working_hour(there, country, "Europe/Amsterdam") is works


def reminders(story) -> list[dict]:
    return [mail for mail in story.mails() if mail["subject"].startswith("Reminder")]


def test_each_reminder_is_sent_once_and_says_how_to_stop_them(story, bob, invited):
    was_sent(story, working_day(1) - timedelta(days=2, hours=23))
    with time_machine.travel(working_day(1)):
        look(story)
    assert reminders(story) == []
    with time_machine.travel(working_day(4)):
        look(story)
        (mail,) = reminders(story)
        look(story)
        assert len(reminders(story)) == 1
    assert (
        "/take/" in mail["text"] and "A reminder was sent to ada@example.org." in story.activity()
    )
    stop = re.search(r"http://\S+/reminders/\S+", mail["text"])[0]
    headers = dict(mail["headers"])
    assert headers["List-Unsubscribe"].replace("\n", "").replace(" ", "") == f"<{stop}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    somebody = story.world.app.test_client()
    assert "No more reminders?" in text_of(somebody.get(stop).text)
    for _click in range(2):
        assert somebody.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert "You get no more reminders" in text_of(somebody.get(stop).text)
    assert somebody.get(stop[:-2] + "xx").status_code == 404
    with time_machine.travel(working_day(13)):
        look(story)
    assert len(reminders(story)) == 1
    assert story.activity().count("The candidate wants no more reminders.") == 1


def test_two_workers_write_one_reminder_down(story, invited):
    with time_machine.travel(working_day(4)):

        def worker():
            with story.world.app.app_context():
                due_reminders.remind_due()
                db.session.remove()

        at_once(*[worker] * 3)
        story.work()
    assert len(reminders(story)) == 1
    with story.world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Reminder)) == 1


def test_what_was_missed_is_one_mail_and_nights_are_quiet(story, bob, invited):
    bob.presses(f"/jobs/{story.job_id}/reminders", days="3, 7", before_end="1")
    with time_machine.travel(working_day(8, hour=21)):
        look(story)
    assert reminders(story) == []
    with time_machine.travel(working_day(8)):
        look(story)
    assert len(reminders(story)) == 1


def test_the_country_that_smartrecruiters_names_decides(story, bob, invited):
    with time_machine.travel(now() + timedelta(minutes=11)):
        story.work()  # reads the candidate again, whom the sandbox has in the Netherlands
    with story.world.app.app_context():
        assert db.session.scalar(select(Candidate.country)) == "NL"
        with transaction() as session:
            session.execute(update(Candidate).values(country="IN"))
    with time_machine.travel(working_day(4, hour=18)):
        look(story)
        assert reminders(story) == []
    with time_machine.travel(working_day(5, hour=6)):
        look(story)
        assert len(reminders(story)) == 1


def test_a_reminder_written_down_in_the_evening_waits_for_the_morning(story, invited):
    with time_machine.travel(working_day(4)) as clock:
        with story.world.app.app_context():
            due_reminders.remind_due()
            db.session.remove()
        clock.move_to(working_day(0, hour=21))
        story.work()
        assert reminders(story) == []
        clock.shift(timedelta(days=3 if now().weekday() == 4 else 1))
        clock.move_to(now().astimezone(AMSTERDAM).replace(hour=9).astimezone(UTC))
        story.work()
    assert len(reminders(story)) == 1


@pytest.mark.parametrize("end", ["left", "rejected", "deleted", "started", "cancelled", "off"])
def test_nobody_is_reminded_of_what_is_over(story, bob, invited, end):
    with story.world.app.app_context():
        candidate = {"id": db.session.get(Invitation, invited).application.candidate.ats_id}
    link = re.search(r"http://\S+/take/\S+", story.mails()[0]["text"])[0]
    endings = {
        "left": lambda: story.moves(candidate, status="INTERVIEW"),
        "rejected": lambda: story.moves(candidate, status="REJECTED"),
        "deleted": lambda: story.box._call(
            "DELETE", f"companies/{story.company}/candidates/{candidate['id']}"
        ),
        "started": lambda: story.world.app.test_client().post(f"{link}/start"),
        "cancelled": lambda: bob.presses(f"/invitations/{invited}/cancel"),
        "off": lambda: bob.presses(f"/jobs/{story.job_id}/reminders", days=""),
    }
    endings[end]()
    with time_machine.travel(working_day(4)):
        look(story)
    assert reminders(story) == []


def test_after_an_extension_there_is_time_before_the_next_mail(story, invited):
    was_sent(story, working_day(1) - timedelta(days=3))
    with time_machine.travel(working_day(1)) as clock:
        until = f"{now() + timedelta(days=30):%Y-%m-%d}"
        Recruiter(story).presses(f"/invitations/{invited}/extend", until=until)
        story.work()
        clock.shift(timedelta(hours=1))
        look(story)
        assert reminders(story) == [], "its time has come, but the other mail has just left"
        clock.move_to(working_day(1))
        look(story)
        assert len(reminders(story)) == 1


@pytest.mark.parametrize("days", ["x", "0", "61", "1 2 3 4", "-3", "3.5", "٣"])
def test_odd_days_are_refused(story, bob, days):
    answer = bob.posts(f"/jobs/{story.job_id}/reminders", days=days, before_end="1")
    assert answer.status_code == 422
    assert said_at(answer.text, "days")
    assert 'name="before_end" value="1" checked' in answer.text
    assert 'class="card card-flush fold" open' in answer.text


def test_after_an_extension_there_is_a_reminder_before_the_new_end(story, bob, invited):
    bob.presses(f"/jobs/{story.job_id}/reminders", days="", before_end="1")
    with story.world.app.app_context(), transaction() as session:
        session.execute(update(Invitation).values(expires_at=working_day(4) + timedelta(hours=40)))
    with time_machine.travel(working_day(4)):
        look(story)
    assert len(reminders(story)) == 1
    bob.presses(f"/invitations/{invited}/extend", until=f"{working_day(20):%Y-%m-%d}")
    story.work()
    with time_machine.travel(working_day(12)):
        look(story)
    assert len(reminders(story)) == 1
    with time_machine.travel(working_day(20)):
        look(story)
    assert len(reminders(story)) == 2


def test_who_was_invited_by_hand_and_is_on_another_job_now_is_not_reminded(story, bob):
    ada = story.applies()
    story.told()
    story.work()
    with story.world.app.app_context():
        application_id = db.session.scalar(select(Application.id))
    bob.presses(f"/jobs/{story.job_id}/invite/{application_id}", attempt="1")
    story.work()
    other = story.box.post(f"companies/{story.company}/jobs", {"title": "Other"})["id"]
    moved = {"candidateId": ada["id"], "fromJobId": story.ats_job, "toJobId": other}
    story.box.post(f"companies/{story.company}/transfers", moved)
    with time_machine.travel(working_day(4)):
        look(story)
    assert reminders(story) == []
