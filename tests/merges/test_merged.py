"""A profile that is merged into another one in SmartRecruiters takes everything of ours along."""

import pytest

from eqsr.candidates.models import Candidate
from eqsr.core.db import db
from eqsr.extras.privacy.erasure import erase
from eqsr.invitations.models import InvitationState as State
from tests.people import person as at_desk
from tests.sittings import sitting as sit

INTERVIEW = {"status": "INTERVIEW"}
MERGED = "Two profiles of this person were merged in SmartRecruiters."
BY_HAND = "Bob decided that this profile and one that is gone"


def told(merging, words: str) -> int:
    return sum(words in line for line in merging.story.activity())


def test_who_is_answering_goes_on_and_the_result_is_on_the_profile_that_is_left(merging, client):
    ada = merging.invited()
    person = merging.person()
    sit.start(client, person)
    sit.answer_page(client, person, 1)
    other = merging.profile()
    merging.merge(ada, other, work=False)
    answer = sit.send(client, person, item="6", value="4")
    assert answer.status_code == 200, answer.text
    merging.hear()
    answer = sit.send(client, person, item="7", value="4")
    assert answer.status_code == 200, answer.text
    assert merging.finishes(client, person, first=2).status_code == 302
    merging.hear()
    assert merging.holder() == other["id"]
    assert [one.state for one in merging.story.invitations()] == [State.COMPLETED]
    [note] = merging.notes(other)
    now_at = merging.candidates()[other["id"]].id
    assert f"View details: {merging.story.site.url}/candidates/{now_at}" in note
    assert merging.story.profile(other)["tags"] == ["Equalture invited", "Equalture completed"]
    assert len(merging.story.mails()) == 1
    assert told(merging, MERGED) == 1


def test_merged_before_the_mail_the_one_mail_goes_out(merging):
    ada = merging.story.applies()
    merging.story.moves(ada)
    merging.story.work("webhook_event")
    other = merging.profile()
    merging.merge(ada, other)
    assert [mail["to"] for mail in merging.story.mails()] == [["ada@example.org"]]
    assert merging.holder() == other["id"]
    assert [one.state for one in merging.story.invitations()] == [State.SENT]
    assert merging.story.profile(other)["tags"] == ["Equalture invited"]


def test_merged_after_the_result_the_note_and_older_addresses_follow(merging, client):
    ada = merging.invited()
    sit.answer_all(client, merging.person())
    merging.finishes(client, merging.person(), first=11)
    merging.story.work()
    [old_note] = merging.notes(ada)
    old = merging.candidates()[ada["id"]].id
    other = merging.profile()
    merging.merge(ada, other)
    left = merging.candidates()[other["id"]]
    [note] = merging.notes(other)
    assert str(old) in old_note and str(left.id) in note and str(old) not in note
    books = merging.story.box.get(f"companies/{merging.story.company}/books")
    live = [one for one in books["notes"] if one["deletedOn"] is None]
    assert [one["content"] for one in live] == [note]
    for email in (merging.story.world.alice, merging.story.world.bob):
        browser = at_desk(merging.story.world, email).browser
        for page in ("", "/guide", "/guests"):
            answer = browser.get(f"/candidates/{old}{page}?from=note")
            assert answer.status_code == 302, (email, page)
            assert answer.location == f"/candidates/{left.id}{page}?from=note"
            assert browser.get(answer.location).status_code == 200
    for email in (merging.story.world.dora, merging.story.world.charlie):
        assert (
            at_desk(merging.story.world, email).browser.get(f"/candidates/{old}").status_code == 404
        )
    row = merging.candidates()[ada["id"]]
    assert (row.first_name, row.last_name, row.email, row.phone) == ("", "", None, None)


def test_a_move_after_the_merge_invites_nobody_again(merging):
    ada = merging.invited()
    other = merging.profile()
    merging.merge(ada, other)
    merging.story.moves(other, **INTERVIEW)
    merging.story.moves(other)
    merging.hear()
    assert len(merging.story.mails()) == len(merging.story.invitations()) == 1
    assert told(merging, "Not invited again: an invitation for Developers was made") == 1


def test_twice_in_a_row_everything_is_on_the_last_one(merging, client):
    ada = merging.invited()
    first = merging.candidates()[ada["id"]].id
    person = merging.person()
    second, third = merging.profile(), merging.profile("ada@work.example")
    merging.merge(ada, second)
    merging.merge(second, third)
    assert merging.holder() == third["id"]
    left = merging.candidates()[third["id"]].id
    assert merging.candidates()[ada["id"]].merged_into_id == left
    assert at_desk(merging.story.world, merging.story.world.alice).browser.get(
        f"/candidates/{first}"
    ).location == (f"/candidates/{left}")
    assert client.get(person.path).status_code == 200
    assert len(merging.story.mails()) == 1


def test_twice_in_a_row_before_we_heard_of_the_first(merging, client):
    ada = merging.invited()
    second, third = merging.profile(), merging.profile("ada@work.example")
    merging.merge(ada, second, work=False)
    merging.merge(second, third, work=False)
    merging.hear()
    assert merging.holder() == third["id"]
    assert client.get(merging.person().path).status_code == 200


def test_merged_the_other_way_later_nothing_goes_in_a_circle(merging, client):
    """SmartRecruiters can't take a merge back: going back means a new profile."""
    ada = merging.invited()
    other = merging.profile()
    merging.merge(ada, other)
    anew = merging.profile("ada@example.org")
    merging.merge(other, anew)
    assert merging.holder() == anew["id"]
    rows = merging.candidates()
    assert rows[anew["id"]].merged_into_id is None
    assert {rows[one["id"]].merged_into_id for one in (ada, other)} == {rows[anew["id"]].id}


@pytest.mark.parametrize("state", [State.SENT, State.STARTED])
def test_a_merge_that_smartrecruiters_shows_a_moment_late_closes_no_link(merging, client, state):
    ada = merging.invited()
    person = merging.person()
    if state is State.STARTED:
        sit.start(client, person)
    other = merging.profile()
    fault = {"kind": "404", "match": {"path": "*/job-applications/*"}}
    merging.story.box.post("faults", fault)
    merging.merge(ada, other, work=False)
    merging.story.told()
    merging.story.work()
    assert client.get(person.path).status_code in (200, 302)
    merging.story.box._call("DELETE", "faults")
    merging.hear()
    assert client.get(person.path).status_code in (200, 302)
    assert merging.holder() == other["id"]
    assert [one.state for one in merging.story.invitations()] == [state]


def test_a_merge_that_shows_much_later_brings_the_link_back(merging, client):
    ada = merging.invited()
    person = merging.person()
    other = merging.profile()
    merging.story.box.post("faults", {"kind": "404", "match": {"path": "*/job-applications/*"}})
    merging.merge(ada, other)
    assert client.get(person.path).status_code == 410
    merging.story.box._call("DELETE", "faults")
    merging.story.moves(other, **INTERVIEW)
    merging.hear()
    assert client.get(person.path).status_code == 200
    assert [one.state for one in merging.story.invitations()] == [State.SENT]
    assert merging.candidates()[ada["id"]].removed_at is None


def test_a_merge_that_no_event_told_of_is_found_when_the_result_is_written(merging, client):
    ada = merging.invited()
    person = merging.person()
    sit.answer_all(client, person)
    other = merging.profile()
    merging.story.told()
    merging.story.work()
    merging.story.box.post("faults", {"kind": "drop", "match": {"event": "candidate.*"}})
    merging.merge(ada, other)
    merging.finishes(client, person, first=11)
    merging.story.work()
    assert merging.holder() == other["id"]
    assert len(merging.notes(other)) == 1


def test_both_profiles_on_the_job_a_recruiter_says_that_they_are_one_person(merging, client):
    """SmartRecruiters keeps one application of the two, and ours may be the one that is gone."""
    ada = merging.invited()
    person = merging.person()
    sit.start(client, person)
    other = merging.profile(" ADA@example.org", job=merging.story.ats_job)
    merging.story.told()
    merging.story.work()
    merging.merge(ada, other)
    assert merging.holder() == ada["id"]
    merging.confirm(ada)
    assert merging.holder() == other["id"]
    assert client.get(person.path).status_code == 200
    assert told(merging, BY_HAND) == 1 and told(merging, MERGED) == 0
    merging.story.moves(other)
    merging.hear()
    assert len(merging.story.mails()) == 1


def test_another_address_on_the_job_is_somebody_else(merging):
    ada = merging.invited()
    other = merging.profile("grace@example.org", job=merging.story.ats_job)
    merging.merge(ada, other)
    assert merging.holder() == ada["id"]
    assert merging.candidates()[ada["id"]].removed_at is not None
    assert [one.state for one in merging.story.invitations()] == [State.CANCELLED]


def test_two_others_with_the_address_tell_nothing(merging):
    ada = merging.invited()
    job = merging.story.ats_job
    one, two = (merging.profile("ada@example.org", job=job) for _ in range(2))
    merging.merge(ada, one)
    assert merging.holder() == ada["id"] and two
    assert merging.candidates()[ada["id"]].removed_at is not None


def test_two_invitations_for_one_assessment_become_one(merging, client):
    """Both links work, and lead to the one that got further."""
    ada = merging.invited()
    other = merging.invited(email="ada@home.example")
    first, second = (merging.person(one.id) for one in merging.story.invitations())
    sit.start(client, second)
    with merging.story.world.app.app_context():
        row = db.session.get_one(Candidate, first.candidate)
        row.email = "ada@home.example"
        db.session.commit()
    merging.merge(ada, other)
    merging.confirm(ada)
    assert [one.state for one in merging.story.invitations()] == [State.CANCELLED, State.STARTED]
    assert {one.application.candidate.ats_id for one in merging.story.invitations()} == {
        other["id"]
    }
    for person in (first, second):
        assert "Go on" in client.get(person.path).text, person.path
    merging.finishes(client, first)
    merging.hear()
    assert merging.story.invitations()[1].state is State.COMPLETED
    assert len(merging.notes(other)) == 1


def test_who_was_erased_before_two_profiles_were_merged_stays_so(merging):
    ada = merging.invited()
    with merging.story.world.app.app_context():
        erase(merging.person().application)
    merging.story.work()
    other = merging.profile()
    merging.merge(ada, other)
    merging.story.moves(other, **INTERVIEW)
    merging.story.moves(other)
    merging.hear()
    assert len(merging.story.mails()) == len(merging.story.invitations()) == 1
    assert told(merging, "its result was deleted") == 1


def test_where_a_credential_may_not_read_applications_by_id_a_recruiter_decides(merging):
    ada = merging.invited()
    other = merging.profile("ada@example.org", job=merging.story.ats_job)
    merging.story.told()
    merging.story.work()
    merging.story.box.post("faults", {"kind": "403", "match": {"path": "*/job-applications/*"}})
    merging.merge(ada, other)
    merging.confirm(ada)
    assert merging.holder() == other["id"]
    assert told(merging, BY_HAND) == 1
