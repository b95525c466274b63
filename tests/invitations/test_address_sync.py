"""An address that is corrected in SmartRecruiters after the invitation did not reach it."""

import pytest

from eqsr.invitations.models import InvitationState as State
from tests.page_text import text_of

WRONG, RIGHT = "ada@wrong.example", "ada@right.example"


@pytest.fixture
def ada(story):
    """Her invitation is undeliverable; who she is in SmartRecruiters."""
    story.box.post("faults", {"kind": "smtp_5xx", "match": {"address": WRONG}})
    candidate = story.applies(WRONG)
    story.moves(candidate)
    story.work()
    (invitation,) = story.invitations()
    assert invitation.state is State.UNDELIVERABLE
    return candidate


def corrected(story, ada, email=RIGHT) -> None:
    story.box.post(f"companies/{story.company}/candidates/{ada['id']}", {"email": email})
    story.told()
    story.work()


def test_the_same_invitation_goes_to_the_corrected_address_once(story, ada, bob):
    for _event in range(2):
        corrected(story, ada)
    (invitation,) = story.invitations()
    assert (invitation.state, invitation.email, invitation.problem) == (State.SENT, RIGHT, None)
    (mail,) = story.mails()
    assert mail["to"] == [RIGHT]
    told = f"The address was corrected in SmartRecruiters, so the invitation goes to {RIGHT}."
    assert story.activity().count(told) == 1
    assert told in text_of(bob.sees(f"/invitations/{invitation.id}"))


def test_who_has_left_the_stage_meanwhile_is_not_mailed(story, ada):
    story.moves(ada, status="INTERVIEW")
    corrected(story, ada)
    assert story.mails() == []
    assert story.invitations()[0].state is State.UNDELIVERABLE


def test_an_address_that_was_tried_is_not_tried_again(story, ada, bob):
    """A person has replaced it here, in vain; SmartRecruiters still has the first one."""
    story.box.post("faults", {"kind": "smtp_5xx", "match": {"address": "typed@example.org"}})
    bob.presses(f"/invitations/{story.invitations()[0].id}/address", email="typed@example.org")
    story.work()
    corrected(story, ada, WRONG.upper())
    (invitation,) = story.invitations()
    assert (invitation.state, invitation.email) == (State.UNDELIVERABLE, "typed@example.org")
    assert story.mails() == []


def test_who_has_the_mail_gets_no_other_one(story, invited):
    ada = story.box.get(f"companies/{story.company}/candidates")[0]
    corrected(story, ada)
    assert [mail["to"] for mail in story.mails()] == [["ada@example.org"]]
