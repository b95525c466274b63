"""What the clock ended is told to everybody whom a finished assessment is told to, and time can be
given again: then the later note replaces the earlier one."""

import uuid
from datetime import timedelta

import pytest
import time_machine

from eqsr.core.clock import now
from eqsr.invitations.models import InvitationState
from tests.extras.reports.pdf_text import read
from tests.invitations.conftest import Recruiter, only, take_link
from tests.invitations.dates import day
from tests.page_text import text_of
from tests.results.conftest import Results
from tests.sittings import sitting as sit
from tests.story import Story

AFTER = timedelta(days=16)
PARTLY_TAGS = ["Equalture invited", "Equalture partly completed"]


@pytest.fixture
def ada(results_of: Results) -> dict:
    return results_of.invited()


@pytest.fixture
def candidate(story: Story, ada: dict) -> sit.Person:
    """Ada, at her link."""
    invitation = only(story)
    path = take_link(story.mails()[0]).removeprefix(story.site.url)
    return sit.Person(story.world.app, uuid.uuid4(), invitation.application_id, invitation.id, path)


def answers(story: Story, candidate: sit.Person, pages: range) -> None:
    browser = story.world.app.test_client()
    for page in pages:
        sit.answer_page(browser, candidate, page, leave_open="1")


def ends(story: Story) -> None:
    """The time is over; expects that the test has travelled there."""
    story.work.by_clock()
    story.work.settle()


def test_partly_completed_is_told_everywhere_and_time_is_given_again(
    story, results_of, ada, candidate
):
    sit.start(story.world.app.test_client(), candidate)
    answers(story, candidate, range(1, 9))
    with time_machine.travel(now() + AFTER, tick=True):
        ends(story)
        bob = Recruiter(story)
        _told_in_smartrecruiters(results_of, ada)
        _told_to_the_recruiter(story, bob, candidate)
        _told_to_the_candidate(story, candidate)

        shown = bob.presses(f"/invitations/{candidate.invitation}/extend", until=day(7))
        assert "The invitation is extended." in shown
        assert "Bob gave the candidate time again" in shown
        assert bob.audited() == ["time_given_again"]
        assert only(story).state is InvitationState.STARTED
        story.work.settle()
        assert "more time" in story.mails()[-1]["subject"]
        assert story.world.app.test_client().get(candidate.path).status_code == 200
        (note,) = results_of.notes(ada)
        assert "partly completed on" in note, "the earlier note stays until there is a later one"

        answers(story, candidate, range(9, 11))
        assert len(sit.stored(candidate)) == 50
        sit.press(
            story.world.app.test_client(), f"{candidate.path}/finish", f"{candidate.path}/finish"
        )
        story.work.settle()
        (note,) = results_of.notes(ada)
        assert ": completed on" in note and "Missing" not in note
        assert results_of.tags(ada) == [*PARTLY_TAGS, "Equalture completed"]
        assert only(story).state is InvitationState.COMPLETED
        assert not only(story).ended_by_clock


def _told_in_smartrecruiters(results_of, ada) -> None:
    assert results_of.tags(ada) == PARTLY_TAGS
    (note,) = results_of.notes(ada)
    head, how, missing, what, *scores = note.splitlines()
    assert "Work style for Developers: partly completed on" in head
    assert how == ("The time ended before everything was done. That says nothing about the person.")
    assert (missing, what) == ("Missing:", "Work style: 40 of 50 questions answered.")
    assert len([line for line in scores if "of 10, give or take" in line]) == 5


def _told_to_the_recruiter(story, bob, candidate) -> None:
    job = f"/jobs/{story.job_id}"
    page = text_of(bob.sees(job))
    assert "Partly completed" in page
    assert "1 candidate ran out of time before everything was done." in page
    assert "1 candidate ran out of time" in text_of(bob.sees("/jobs?show=trouble"))
    assert "Ada Jansen" in text_of(bob.sees(f"{job}?state=partly_completed"))
    assert "Ada Jansen" in text_of(bob.sees(f"{job}?sort=score.work-style.extraversion.high"))
    (row,) = bob.sees(f"{job}/invitations.csv?state=partly_completed").splitlines()[1:]
    assert ",Partly completed,1," in row and "40 of 50 questions answered." in row
    person = only(story).application.candidate_id
    profile = text_of(bob.sees(f"/candidates/{person}"))
    assert "Taken Not finished" in profile
    assert "Ended by the clock" in profile and "40 of 50 questions answered." in profile
    pdf = read(bob.browser.get(f"/candidates/{person}/report.pdf").data)
    assert "Partly completed" in pdf and "40 of 50 questions answered." in pdf
    managed = text_of(bob.sees(f"/invitations/{candidate.invitation}"))
    assert "Give more time" in managed and "goes on where they stopped" in managed


def _told_to_the_candidate(story, candidate) -> None:
    mail = story.mails()[-1]
    assert mail["subject"] == "Your assessment for Developers has ended"
    assert "What you gave until then is kept" in mail["text"]
    assert "- Work style: 40 of 50 questions answered." in mail["text"]
    assert take_link(mail).endswith(candidate.path)


def test_nobody_reads_that_the_time_ended_once_it_was_given_again(story, ada, candidate):
    sit.start(story.world.app.test_client(), candidate)
    answers(story, candidate, range(1, 3))
    with time_machine.travel(now() + AFTER, tick=True):
        story.work.by_clock()
        story.work("end_by_clock")
        Recruiter(story).presses(f"/invitations/{candidate.invitation}/extend", until=day(7))
        story.work.settle()
        assert not any("has ended" in mail["subject"] for mail in story.mails())


def test_time_after_nothing_was_answered_goes_on_in_the_same_sitting(story, ada, candidate):
    browser = story.world.app.test_client()
    sit.start(browser, candidate)
    with time_machine.travel(now() + AFTER, tick=True):
        ends(story)
        assert only(story).state is InvitationState.EXPIRED
        bob = Recruiter(story)
        bob.presses(f"/invitations/{candidate.invitation}/extend", until=day(7))
        assert only(story).state is InvitationState.STARTED
        answers(story, candidate, range(1, 2))
        assert len(sit.stored(candidate)) == 5


def test_all_answered_is_handed_in_with_a_note_that_says_so(story, results_of, ada, candidate):
    sit.start(story.world.app.test_client(), candidate)
    answers(story, candidate, range(1, 11))
    with time_machine.travel(now() + AFTER, tick=True):
        ends(story)
        (note,) = results_of.notes(ada)
        assert ": completed on" in note
        assert "Finish was not pressed, so it was handed in when the time ended." in note
        assert results_of.tags(ada) == ["Equalture invited", "Equalture completed"]
        mail = story.mails()[-1]
        assert mail["subject"] == "Your answers for Developers were handed in"
