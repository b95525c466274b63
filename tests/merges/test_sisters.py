"""What else happens to somebody in SmartRecruiters while they are answering."""

import pytest

from eqsr.invitations.models import InvitationState as State
from tests.merges.merging import HOME
from tests.sittings import sitting as sit
from tests.story import STAGE


def begun(merging, client):
    """Somebody who has answered the first page: (SmartRecruiters' candidate, our person)."""
    ada = merging.invited()
    person = merging.person()
    sit.start(client, person)
    sit.answer_page(client, person, 1)
    return ada, person


@pytest.mark.parametrize("status", ["REJECTED", "HIRED", "WITHDRAWN"])
def test_out_of_consideration_while_answering_they_may_finish(merging, client, status):
    ada, person = begun(merging, client)
    merging.story.moves(ada, status=status)
    merging.hear()
    assert merging.finishes(client, person, first=2).status_code == 302
    merging.hear()
    assert [one.state for one in merging.story.invitations()] == [State.COMPLETED]
    assert len(merging.notes(ada)) == 1 and len(merging.story.mails()) == 1


def test_transferred_to_another_job_while_answering_they_may_finish(merging, client):
    ada, person = begun(merging, client)
    story = merging.story
    other_job = {"title": "Tester", "refNumber": "REF2", "quiet": True}
    to_job = story.box.post(f"companies/{story.company}/jobs", other_job)["id"]
    wish = {"candidateId": ada["id"], "fromJobId": story.ats_job, "toJobId": to_job}
    story.box.post(f"companies/{story.company}/transfers", wish)
    merging.hear()
    assert merging.finishes(client, person, first=2).status_code == 302
    merging.hear()
    assert [one.state for one in story.invitations()] == [State.COMPLETED]
    assert len(merging.notes(ada)) == 1 and len(story.mails()) == 1


def test_an_application_deleted_and_made_again_invites_nobody_again(merging, client):
    ada, person = begun(merging, client)
    story = merging.story
    story.box._call("DELETE", f"companies/{story.company}/applications/{ada['applicationId']}")
    merging.hear()
    anew = {"candidateId": ada["id"], "jobId": story.ats_job} | STAGE
    story.box.post(f"companies/{story.company}/applications", anew)
    merging.hear()
    assert len(story.mails()) == 1
    assert merging.finishes(client, person, first=2).status_code == 302
    merging.hear()
    assert [one.state for one in story.invitations()] == [State.COMPLETED]
    assert len(merging.notes(ada)) == 1


def test_somebody_of_the_same_address_in_another_account_is_not_followed(merging, client):
    """Profiles are looked for in the candidate's own SmartRecruiters account only."""
    ada, person = begun(merging, client)
    story = merging.story
    elsewhere = story.box.post("companies", {"name": "Acme"})["id"]
    job = story.box.post(f"companies/{elsewhere}/jobs", {"title": "J", "quiet": True})["id"]
    same = {"firstName": "Ada", "lastName": "Jansen", "email": "ada@example.org", "jobId": job}
    story.box.post(f"companies/{elsewhere}/candidates", same)
    story.box._call("DELETE", f"companies/{story.company}/candidates/{ada['id']}")
    merging.hear()
    assert client.get(person.path).status_code == 410
    assert merging.holder() == ada["id"]
    assert merging.candidates()[ada["id"]].removed_at is not None


def test_deleted_while_answering_the_link_closes(merging, client):
    """As the privacy page says: who is deleted there is not assessed here any more."""
    ada, person = begun(merging, client)
    merging.profile(HOME, job=merging.story.ats_job)
    merging.story.box._call("DELETE", f"companies/{merging.story.company}/candidates/{ada['id']}")
    merging.hear()
    answer = sit.send(client, person, item="6", value="4")
    assert answer.status_code == 410
    assert "The candidate is no longer in SmartRecruiters." in merging.story.activity()
