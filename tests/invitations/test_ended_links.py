"""A personal link ends when another one takes its place, or nothing does; everywhere at once."""

import re
from urllib.parse import urlsplit

import pytest
from werkzeug.routing import Rule

from eqsr.accounts.models import User
from eqsr.activity.kinds import ActivityKind
from eqsr.core.db import db
from eqsr.extras.privacy import erasure
from eqsr.instruments.catalogue import assessments
from eqsr.invitations import service
from eqsr.invitations.links import reminders_url, take_url
from eqsr.invitations.models import InvitationState as State
from tests.invitations.conftest import Recruiter, change, only, take_link
from tests.page_text import text_of

# Behind the mail of an open link, before there is an invitation.
OF_A_SIGN_UP = "/take/<token>/confirm"
PERSONAL = ("Ada", "Jansen", "ada@example.org", "right@example.org", 'name="item-')


def _path(url: str) -> str:
    return urlsplit(url).path


def paths(story) -> tuple[str, str]:
    """Of the link and of the end of reminders, as they would be mailed now."""
    with story.world.app.app_context():
        invitation = service.get(only(story).id)
        return _path(take_url(invitation)), _path(reminders_url(invitation))


def _addresses(rule: Rule, take: str, reminders: str) -> str:
    base = take if rule.rule.startswith("/take/") else reminders
    part = assessments()[0].instruments[0]
    tail = rule.rule.split("<token>", 1)[1]
    return base + tail.replace("<part>", part).replace("<int:page>", "1")


def answers(story, old: tuple[str, str]):
    """Everything that the links open, asked for in each way there is: (method, address, answer).
    Taken from the application's own list, so that no new page is forgotten."""
    somebody = story.world.app.test_client()
    for rule in story.world.app.url_map.iter_rules():
        ours = rule.rule.startswith(("/take/<token>", "/reminders/<token>"))
        if ours and rule.rule != OF_A_SIGN_UP:
            for method in sorted(rule.methods & {"GET", "POST"}):
                address = _addresses(rule, *old)
                view = story.world.app.view_functions[rule.endpoint]
                form = {"item": "1", "value": "3", "wish": "review", "language": "nl"}
                body = {"json": {}} if getattr(view, "takes_json", False) else {"data": form}
                yield method, address, somebody.open(address, method=method, **body)


def assert_ended(story, old: tuple[str, str], said: str) -> None:
    before = only(story)
    seen = [*answers(story, old)]
    assert len(seen) > 20
    for method, address, answer in seen:
        where = (method, address, answer.status_code)
        assert answer.status_code == 410, where
        assert [one for one in PERSONAL if one in answer.text] == [], where
        assert answer.is_json or said in text_of(answer.text), where
    after = only(story)
    for column in ("state", "started_at", "language", "reminders_stopped_at", "link_generation"):
        assert getattr(after, column) == getattr(before, column)


def test_whoever_got_the_mail_by_mistake_is_out_once_the_address_is_corrected(story, bob, invited):
    """The attack: the first recipient reads the result for months (security.md 2)."""
    old = paths(story)
    assert old[0] == _path(take_link(story.mails()[0]))
    bob.presses(f"/invitations/{invited}/address", email="right@example.org")
    story.work()
    assert_ended(story, old, "This link was replaced")
    (mail,) = story.mails("right@example.org")
    right = story.world.app.test_client()
    assert right.get(take_link(mail)).status_code == 200
    assert right.post(f"{take_link(mail)}/start").status_code == 302
    assert_ended(story, old, "This link was replaced")


def test_an_address_that_is_followed_from_smartrecruiters_ends_the_old_link(story):
    fault = {"kind": "smtp_5xx", "match": {"address": "ada@wrong.example"}}
    story.box.post("faults", fault)
    candidate = story.applies("ada@wrong.example")
    story.moves(candidate)
    story.work()
    assert only(story).state is State.UNDELIVERABLE
    old = paths(story)
    person = f"companies/{story.company}/candidates/{candidate['id']}"
    story.box.post(person, {"email": "right@example.org"})
    story.told()
    story.work()
    (mail,) = story.mails()
    assert_ended(story, old, "This link was replaced")
    assert story.world.app.test_client().get(take_link(mail)).status_code == 200


def test_cancelling_ends_the_link_and_says_so(story, bob, invited):
    old = paths(story)
    bob.presses(f"/invitations/{invited}/cancel")
    assert_ended(story, old, "This invitation was withdrawn")


def test_a_withdrawal_ends_a_link_that_the_recruiter_gave_by_hand(story):
    """The mail had not left, but the link could be copied from the invitation's page."""
    story.moves(story.applies())
    story.work("webhook_event")
    old = paths(story)
    with story.world.app.app_context():
        service.cancel_obsolete(service.get(only(story).id), ActivityKind.APPLICATION_GONE)
    assert_ended(story, old, "This invitation was withdrawn")


def test_an_erasure_ends_every_link(story, bob, invited):
    old = paths(story)
    with story.world.app.app_context():
        alice = db.session.scalar(db.select(User).where(User.email == story.world.alice))
        erasure.erase(only(story).application_id, alice)
    assert_ended(story, old, "This result was deleted")


def test_a_new_link_is_mailed_and_the_old_one_ends(story, bob, invited):
    old = paths(story)
    page = f"/invitations/{invited}"
    assert "Make a new link" in text_of(bob.sees(page))
    asked = bob.sees(f"{page}/link")
    assert "All links sent to Ada Jansen for Developers stop working" in text_of(asked)
    form = {"generation": re.search(r'name="generation" value="(\d+)"', asked)[1]}
    assert "The new link is on its way" in bob.presses(f"{page}/link", **form)
    assert "A new link was made already." in bob.presses(f"{page}/link", **form)
    story.work()
    _first, mail = story.mails()
    assert mail["subject"] == "Your new link from Northwind: Developers"
    for part in ("text", "html"):
        assert "Earlier links do not work any more." in mail[part]
    assert_ended(story, old, "This link was replaced")
    assert story.world.app.test_client().get(take_link(mail)).status_code == 200
    assert "Bob made a new link. Links sent before do not work any more." in story.activity()
    assert bob.audited() == ["link_renewed"]


def test_who_is_in_the_middle_goes_on_with_the_new_link(story, bob, invited):
    client = story.world.app.test_client()
    link = take_link(story.mails()[0])
    client.post(f"{link}/start")
    part = assessments()[0].instruments[0]
    given = {"part": part, "item": "1", "value": "3"}
    assert client.post(f"{link}/answer", data=given).get_json()["answered"] == 1
    bob.presses(f"/invitations/{invited}/link")
    refused = client.post(f"{link}/answer", data=given)
    assert refused.status_code == 410
    assert "Open the one in the newest email" in refused.get_json()["sentence"]
    story.work()
    newer = take_link(story.mails()[-1])
    page = client.get(newer)
    assert "Welcome back" in page.text and "Go on" in page.text
    assert client.post(f"{newer}/answer", data=given | {"item": "2"}).get_json()["answered"] == 2
    assert only(story).state is State.STARTED


def test_links_of_the_time_before_generations_stay_as_they_are(story, bob, invited):
    """Their tokens are 32 bytes long, and must be for as long as nothing has ended them."""
    assert len(paths(story)[0].removeprefix("/take/")) == 43
    bob.presses(f"/invitations/{invited}/resend")
    story.work()
    first, second = story.mails()
    assert take_link(first) == take_link(second)
    assert story.world.app.test_client().get(take_link(first)).status_code == 200


def test_a_token_can_not_be_counted_up(story, bob, invited):
    old, _stop = paths(story)
    bob.presses(f"/invitations/{invited}/link")
    new, _stop = paths(story)
    client = story.world.app.test_client()
    assert client.get(new[:-1] + ("A" if new[-1] != "A" else "B")).status_code == 404
    change(story, invited, link_generation=2)
    assert client.get(new).status_code == 410 and client.get(old).status_code == 410


def test_a_mail_that_waits_carries_the_new_link(story, bob):
    story.moves(story.applies())
    story.work("webhook_event")
    old = paths(story)
    bob.presses(f"/invitations/{only(story).id}/link")
    story.work()
    (mail,) = story.mails()
    assert _path(take_link(mail)) == paths(story)[0] != old[0]


def test_a_mail_that_waits_for_the_old_address_does_not_take_the_new_link_there(
    story, bob, invited
):
    """It was looked at before the address was corrected, and is composed after that."""
    bob.presses(f"/invitations/{invited}/extend", until="2027-03-01")
    change(story, invited, email="right@example.org")
    story.work()
    assert [mail["to"] for mail in story.mails()] == [["ada@example.org"]]  # the invitation


@pytest.mark.parametrize("state", [State.CANCELLED, State.EXPIRED])
def test_where_no_link_leads_anywhere_none_is_made(story, bob, invited, state):
    change(story, invited, state=state)
    page = f"/invitations/{invited}"
    assert "Make a new link" not in text_of(bob.sees(page))
    assert bob.browser.get(f"{page}/link").status_code == 303
    assert bob.posts(f"{page}/link").status_code == 422
    assert only(story).link_generation == 0


def test_strangers_make_no_links(story, invited):
    charlie = Recruiter(story, story.world.charlie)
    assert charlie.browser.get(f"/invitations/{invited}/link").status_code == 404
    assert charlie.posts(f"/invitations/{invited}/link").status_code == 404
    assert only(story).link_generation == 0


@pytest.mark.parametrize("generation", ["", "x", "-1", "99999999999999999999", "1.5"])
def test_odd_generations_are_no_trouble(story, bob, invited, generation):
    answer = bob.posts(f"/invitations/{invited}/link", generation=generation)
    assert answer.status_code == 303
    assert only(story).link_generation in (0, 1)


def test_an_undeliverable_mail_with_the_new_link_is_the_invitation(story, bob):
    fault = story.box.post("faults", {"kind": "smtp_5xx", "match": {"address": "ada@example.org"}})
    story.moves(story.applies())
    story.work()
    story.box._call("DELETE", f"faults/{fault['id']}")
    bob.presses(f"/invitations/{only(story).id}/link")
    story.work()
    (mail,) = story.mails()
    assert "invites you" in mail["subject"]
    assert only(story).state is State.SENT
