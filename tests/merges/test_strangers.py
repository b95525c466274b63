"""A merge that is only likely, and one that somebody provoked, show no result to a stranger."""

from tests.duplicates.held_page import held_form
from tests.people import person as at_desk
from tests.sittings import sitting as sit


def invite_anyway(merging) -> None:
    """A recruiter invites a second profile of what looks like the same person."""
    alice = at_desk(merging.story.world, merging.story.world.alice)
    alice.presses(held_form(alice, merging.story))
    merging.story.work()


def newest_but(merging, *known):
    """The holder of the link that is not among these."""
    [found] = [
        one.id
        for one in merging.story.invitations()
        if one.id not in {person.invitation for person in known}
    ]
    return merging.person(found)


def two_invited(merging):
    """Two profiles of one person on one job, both invited: (profile, link) of each."""
    one = merging.invited()
    first = merging.person()
    two = merging.story.applies("ada@example.org")
    merging.story.moves(two)
    merging.story.work()
    invite_anyway(merging)
    return (one, first), (two, newest_but(merging, first))


def finished_ada(merging, client, email="ada@example.org"):
    ada = merging.invited(email=email)
    person = merging.person()
    sit.answer_all(client, person)
    merging.finishes(client, person, first=11)
    merging.story.work()
    return ada, person


def test_a_deleted_persons_result_does_not_go_to_another_one_of_the_mailbox(merging, client):
    story = merging.story
    ada, adas = finished_ada(merging, client, "home@example.org")
    bert = story.applies("home@example.org", firstName="Bert", lastName="de Vries")
    story.moves(bert)
    story.work()
    invite_anyway(merging)
    berts = newest_but(merging, adas)
    assert client.get(berts.path).status_code == 200
    story.box._call("DELETE", f"companies/{story.company}/candidates/{ada['id']}")
    merging.hear()
    at = {one.id: one.application.candidate.ats_id for one in story.invitations()}
    assert at[adas.invitation] != bert["id"]
    assert merging.notes(bert) == []


def test_a_profile_dressed_up_as_a_deleted_one_reads_no_result(merging, client):
    """Somebody gives their own profile Ada's name and address just before Ada is deleted."""
    story = merging.story
    ada, adas = finished_ada(merging, client)
    evil = {"email": "mallory@evil.example", "firstName": "Mallory", "lastName": "Evil"}
    mallory = merging.invited(**evil)
    mallorys = newest_but(merging, adas)
    path = f"companies/{story.company}/candidates"
    adas_facts = {"email": "ada@example.org", "firstName": "Ada", "lastName": "Jansen"}
    story.box.post(f"{path}/{mallory['id']}", adas_facts)
    story.box._call("DELETE", f"{path}/{ada['id']}")
    merging.hear()
    assert client.get(f"{mallorys.path}/results").status_code != 200
    at = {one.id: one.application.candidate.ats_id for one in story.invitations()}
    assert at[adas.invitation] == ada["id"], "nothing moves before a person decides"
    assert merging.notes(mallory) == []
    path = f"/candidates/{adas.candidate}"
    assert "SmartRecruiters does not tell" in at_desk(story.world, story.world.bob).sees(path)
    for stranger in (story.world.dora, story.world.charlie):
        assert at_desk(story.world, stranger).posts(f"{path}/merge").status_code == 404


def test_nothing_goes_to_a_profile_about_which_nobody_was_asked(merging, client):
    """The profile that was found gets another address, and a third one takes Ada's."""
    story = merging.story
    ada, adas = finished_ada(merging, client)
    found = merging.invited(email="mallory@evil.example", firstName="Mallory", lastName="Evil")
    path = f"companies/{story.company}/candidates"
    facts = {"email": "ada@example.org", "firstName": "Ada", "lastName": "Jansen"}
    story.box.post(f"{path}/{found['id']}", facts)
    story.box._call("DELETE", f"{path}/{ada['id']}")
    merging.hear()
    page, bob = f"/candidates/{adas.candidate}", at_desk(story.world, story.world.bob)
    offered = "It is the same person"
    assert offered in bob.sees(page)
    story.box.post(f"{path}/{found['id']}", facts | {"email": "other@example.org"})
    third = story.applies("ada@example.org")
    story.moves(third)
    merging.hear()
    assert offered not in bob.sees(page)
    refused = bob.posts(f"{page}/merge", other=str(merging.candidates()[third["id"]].id))
    assert "There is nothing to decide any more" in bob.sees(refused.location)


def test_a_new_link_also_ends_those_that_led_to_the_old_one(merging, client):
    (one, first), (two, second) = two_invited(merging)
    merging.merge(one, two)
    merging.confirm(one)
    rows = {row.id: row for row in merging.story.invitations()}
    ended = next(row for row in rows.values() if row.continued_by_id)
    path = {first.invitation: first.path, second.invitation: second.path}
    assert client.get(path[ended.id]).status_code == 200
    alice = at_desk(merging.story.world, merging.story.world.alice)
    assert alice.posts(f"/invitations/{ended.continued_by_id}/link").status_code == 303
    assert client.get(path[ended.continued_by_id]).status_code == 410
    assert client.get(path[ended.id]).status_code == 410


def test_a_link_leads_on_after_two_merges(merging, client):
    (one, first), (two, second) = two_invited(merging)
    merging.merge(one, two)
    merging.confirm(one)
    three = merging.story.applies("ada@example.org")
    merging.story.moves(three)
    merging.story.work()
    invite_anyway(merging)
    third = newest_but(merging, first, second)
    sit.start(client, third)
    merging.merge(two, three)
    merging.confirm(two)
    assert [client.get(each.path).status_code for each in (first, second, third)] == [200] * 3
