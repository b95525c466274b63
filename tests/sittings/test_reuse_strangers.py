"""An earlier result is used only by the person and the mailbox that gave it."""

import re
from datetime import timedelta

import pytest
import time_machine

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import links
from eqsr.invitations.models import Invitation
from eqsr.invitations.models import InvitationState as State
from tests.duplicates.held_page import second_job
from tests.merges.merging import Merging
from tests.people import person as at_desk
from tests.screens.profile.profile_page import finished
from tests.sittings import sitting as sit


@pytest.fixture
def first(client, world):
    person = sit.invite(world, title="Planner")
    finished(client, person)
    sit.change(person, completed_at=now() - timedelta(days=40))
    return person


def newest_link(person) -> str:
    with person.app.app_context():
        found = db.session.get(Invitation, person.invitation)
        return "/" + links.take_url(found).split("/", 3)[3]


def is_used(client, person, path="") -> bool:
    """Whether pressing the button takes the earlier result."""
    client.post(f"{path or person.path}/reuse")
    return sit.invitation(person).state is State.COMPLETED


def test_the_same_person_may(client, world, first):
    assert is_used(client, sit.invite(world, title="Driver"))


def test_not_who_reads_a_corrected_address(client, world, first):
    second = sit.invite(world, title="Driver")
    alice = at_desk(world, world.alice)
    answer = alice.posts(f"/invitations/{second.invitation}/address", email="other@mail.example")
    assert answer.status_code == 303
    path = newest_link(second)
    assert "You have done this before" not in client.get(path).text
    assert not is_used(client, second, path)


def test_not_where_the_link_went_to_another_mailbox(client, world, first):
    second = sit.invite(world, title="Driver")
    with world.app.app_context(), transaction() as session:
        session.get_one(Invitation, second.invitation).email = "mallory@evil.example"
    assert not is_used(client, second)


def test_not_what_another_mailbox_gave(client, world, first):
    sit.change(first, email="friend@clever.example")
    assert not is_used(client, sit.invite(world, title="Driver"))


def test_not_by_another_person_of_the_mailbox(client, world, first):
    assert not is_used(client, sit.invite(world, title="Driver", first="Bert", last="Jansen"))


def test_not_by_a_profile_that_shows_the_address_for_a_while(story, client):
    merging = Merging(story)
    second_job(story)
    merging.invited()
    adas = merging.person()
    sit.answer_all(client, adas)
    merging.finishes(client, adas, first=11)
    story.work()
    mallory = story.applies("ada@example.org", firstName="Mallory", lastName="Evil")
    story.moves(mallory, status="IN_REVIEW", subStatus="Phone screen")
    story.work()
    path = f"companies/{story.company}/candidates/{mallory['id']}"
    for hours, email in enumerate(("mallory@evil.example", "ada@example.org"), 1):
        with time_machine.travel(now() + timedelta(hours=hours), tick=True):
            story.box.post(path, {"email": email})
            story.told()
            story.work()
            story.work.hurry()
            story.work()
    link = re.search(r"/take/[\w-]+", story.mails("mallory@evil.example")[-1]["text"])[0]
    client.post(f"{link}/reuse")
    assert client.get(f"{link}/results").status_code != 200
