"""One person on two profiles is asked once, unless a recruiter decides otherwise."""

import pytest
from sqlalchemy import update

from eqsr.accounts.models import Organisation
from eqsr.core.db import transaction
from eqsr.invitations.models import InvitationState as State
from tests.duplicates.held_page import held_form, second_job
from tests.merges.merging import Merging
from tests.page_text import text_of
from tests.people import person
from tests.world import csrf_token

INTERVIEW = {"status": "INTERVIEW"}
HELD = "Not invited yet: another profile of the same person"
WAITS = "1 invitation waits for you: the same person was invited before."


def moved(story, email="ada@example.org", **facts):
    """Somebody who was moved to the stage, with all that follows from it."""
    candidate = story.applies(email, **facts)
    story.moves(candidate)
    story.work()
    return candidate


def told(story, words: str) -> int:
    return sum(words in line for line in story.activity())


def phone(story, candidate, number: str) -> None:
    path = f"companies/{story.company}/candidates/{candidate['id']}"
    story.box.post(path, {"phoneNumber": number})


@pytest.mark.parametrize("spelling", ["ada@example.org", "ADA@Example.org "])
def test_a_second_profile_with_the_address_waits_for_a_recruiter(story, spelling):
    moved(story)
    moved(story, spelling, firstName="A.")
    assert len(story.mails()) == len(story.invitations()) == 1
    assert told(story, HELD) == 1
    bob = person(story.world, story.world.bob)
    assert WAITS in bob.sees("/jobs")
    page = bob.sees(f"/jobs/{story.job_id}")
    assert "Waits for you" in page and "Merge the two in SmartRecruiters" in page


def test_the_same_name_and_phone_are_the_same_person(story):
    for email, number in (("ada@example.org", "+31 6 1234 5678"), ("a@home.example", "0612345678")):
        candidate = story.applies(email)
        phone(story, candidate, number)
        story.moves(candidate)
        story.work()
    assert len(story.mails()) == 1 and told(story, HELD) == 1


@pytest.mark.parametrize("facts", [{"firstName": "Grace"}, {}])
def test_a_phone_or_a_name_alone_makes_nobody_the_same(story, facts):
    number = "0612345678" if facts else ""
    for email, names in (("ada@example.org", {}), ("a@home.example", facts)):
        candidate = story.applies(email, **names)
        if number:
            phone(story, candidate, number)
        story.moves(candidate)
        story.work()
    assert len(story.mails()) == 2 and told(story, HELD) == 0


def test_invite_anyway_sends_it_once(story):
    moved(story)
    second = moved(story)
    bob = person(story.world, story.world.bob)
    action = held_form(bob, story)
    for _ in range(2):
        assert "Sent again" not in bob.presses(action)
    story.work()
    assert len(story.mails()) == len(story.invitations()) == 2
    assert told(story, "Bob invited the candidate to Developers, though") == 1
    assert WAITS not in bob.sees("/jobs")
    assert "Waits for you" not in bob.sees(f"/jobs/{story.job_id}")
    story.moves(second, **INTERVIEW)
    story.moves(second)
    story.work()
    assert len(story.mails()) == 2


@pytest.mark.parametrize("stage", [{"status": "REJECTED"}, INTERVIEW, {"status": "HIRED"}])
def test_invite_anyway_mails_nobody_who_was_moved_on_meanwhile(story, stage):
    """SmartRecruiters' event of it is not worked on yet."""
    moved(story)
    second = moved(story)
    bob = person(story.world, story.world.bob)
    action = held_form(bob, story)
    story.moves(second, **stage)
    bob.presses(action)
    story.work("invitation_mail")
    assert len(story.mails()) == 1
    assert story.invitations()[1].state is State.CANCELLED
    story.work()
    assert len(story.mails()) == 1
    assert WAITS not in bob.sees("/jobs")


def test_invite_anyway_mails_nobody_whose_application_is_gone_meanwhile(story):
    moved(story)
    second = moved(story)
    bob = person(story.world, story.world.bob)
    action = held_form(bob, story)
    application = second["applicationId"]
    story.box._call("DELETE", f"companies/{story.company}/applications/{application}")
    story.told()
    bob.presses(action)
    story.work("invitation_mail")
    assert len(story.mails()) == 1
    assert story.invitations()[1].state is State.CANCELLED


def test_only_the_jobs_people_decide(story):
    moved(story)
    moved(story)
    action = held_form(person(story.world, story.world.bob), story)
    for stranger in (story.world.dora, story.world.charlie):
        browser = story.world.log_in(stranger)
        form = {"csrf_token": csrf_token(browser)}
        assert browser.post(action, data=form).status_code == 404
    story.work()
    assert len(story.mails()) == 1


def test_what_nobody_decides_ends_when_the_stage_is_left(story):
    moved(story)
    second = moved(story)
    story.moves(second, **INTERVIEW)
    story.work()
    alice = person(story.world, story.world.alice)
    assert WAITS not in alice.sees("/jobs")
    assert "There is nothing to decide any more" not in alice.sees(f"/jobs/{story.job_id}")


def test_merging_the_two_decides_it(story):
    first, second = moved(story), moved(story)
    wish = {"fromCandidateId": first["id"], "intoCandidateId": second["id"]}
    story.box.post(f"companies/{story.company}/merges", wish)
    story.told()
    for _ in range(2):
        story.work.hurry()
        story.work()
    Merging(story).confirm(first)
    assert len(story.mails()) == 1
    assert [one.application.candidate.ats_id for one in story.invitations()] == [second["id"]]
    assert WAITS not in person(story.world, story.world.alice).sees("/jobs")


def test_who_has_not_been_invited_before_is_not_held_by_a_cancelled_invitation(story):
    moved(story)
    with story.world.app.app_context(), transaction() as session:
        from eqsr.invitations.models import Invitation

        session.execute(update(Invitation).values(state=State.EXPIRED))
    moved(story)
    assert len(story.mails()) == 2 and told(story, HELD) == 0


@pytest.mark.parametrize("hold", [False, True])
def test_for_another_job_the_organisation_chooses(story, hold):
    if hold:
        alice = person(story.world, story.world.alice)
        alice.presses("/organisation/repeats", reuse_months="3", hold="1")
    second_job(story)
    moved(story)
    second = story.applies("ada@example.org")
    story.moves(second, status="IN_REVIEW", subStatus="Phone screen")
    story.work()
    assert len(story.mails()) == (1 if hold else 2)
    kept = "Not invited yet: the same person was invited to the same assessment for another job"
    assert told(story, kept) == hold
    assert told(story, "The same person was invited to the same assessment for another job") == (
        not hold
    )


def test_the_choice_is_kept_and_nonsense_is_not(story):
    alice = person(story.world, story.world.alice)
    for months, kept in (("3", 3), ("0", 0), ("-1", 0), ("9" * 30, 0), ("12", 12)):
        alice.presses("/organisation/repeats", reuse_months=months)
        with story.world.app.app_context(), transaction() as session:
            found = session.query(Organisation).filter_by(slug="northwind").one()
            assert (found.reuse_months, found.hold_other_jobs) == (kept, False), months
    assert "The same assessment for another job" in text_of(alice.browser.get("/organisation"))


def test_what_would_be_called_off_at_once_is_not_offered(story):
    moved(story)
    moved(story)
    bob = person(story.world, story.world.bob)
    action = held_form(bob, story)
    story.box.post(f"companies/{story.company}/jobs/{story.ats_job}", {"status": "ON_HOLD"})
    story.told()
    story.work()
    page = bob.sees(f"/jobs/{story.job_id}")
    assert "so nobody is invited now" in page and "Invite anyway" not in page
    assert (
        "so nobody is invited now" in text_of(bob.browser.get(bob.posts(action).location))
        and len(story.invitations()) == 1
    )
