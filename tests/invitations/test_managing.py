"""Send again, correct the address, extend, cancel: from an invitation's page."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine

from eqsr.accounts.models import Organisation
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.invitations import extension, service
from eqsr.invitations.models import InvitationState as State
from eqsr.mail import smtp
from tests.invitations.conftest import Recruiter, at_once, change, only, take_link
from tests.invitations.dates import day
from tests.page_text import text_of


def test_sending_again_gives_the_same_link_once_for_a_double_click(story, bob, invited):
    path = f"/invitations/{invited}"
    at_once(*[lambda: bob.posts(f"{path}/resend")] * 3)
    assert "The mail is on its way already." in bob.presses(f"{path}/resend")
    story.work()
    first, second = story.mails()
    assert take_link(first) == take_link(second)
    assert first["message_id"] != second["message_id"]
    assert only(story).state is State.SENT
    assert story.activity()[-2:] == [
        "Bob had the invitation sent again to ada@example.org.",
        "The mail server accepted the invitation for ada@example.org.",
    ]
    assert bob.audited() == ["invitation_resent"]


def test_a_corrected_address_gets_a_new_link_and_the_old_one_ends(story, bob, invited):
    shown = bob.posts(f"/invitations/{invited}/address", email="ada@nowhere")
    assert shown.status_code == 422
    assert "Check it for typing mistakes." in text_of(shown.text)
    assert 'value="ada@nowhere"' in shown.text and "aria-invalid" in shown.text
    for _click in range(2):
        bob.posts(f"/invitations/{invited}/address", email=" ada@work.example ")
    story.work()
    (old,), (new,) = story.mails("ada@example.org"), story.mails("ada@work.example")
    assert bob.browser.get(take_link(old)).status_code == 410
    assert bob.browser.get(take_link(new)).status_code == 200
    assert only(story).email == "ada@work.example"
    assert (
        "Bob corrected the address of the invitation from ada@example.org to ada@work.example."
        in story.activity()
    )
    assert bob.audited() == ["address_corrected"]


def test_a_mail_that_has_not_left_does_not_go_to_the_old_address(story, bob):
    story.moves(story.applies())
    story.work("webhook_event")
    bob.posts(f"/invitations/{only(story).id}/address", email="ada@work.example")
    story.work()
    assert [mail["to"] for mail in story.mails()] == [["ada@work.example"]]
    assert only(story).state is State.SENT


def test_an_undeliverable_invitation_reaches_the_corrected_address(story, bob):
    story.box.post("faults", {"kind": "smtp_5xx", "match": {"address": "ada@example.org"}})
    story.moves(story.applies())
    story.work()
    assert only(story).state is State.UNDELIVERABLE
    path = f"/invitations/{only(story).id}"
    assert "A mail did not reach ada@example.org" in text_of(bob.sees(path))
    bob.presses(f"{path}/address", email="ada@work.example")
    story.work()
    assert only(story).state is State.SENT
    assert only(story).problem is None


def test_extending_an_expired_invitation_opens_it_again_and_tells_the_candidate(
    story, bob, invited
):
    change(story, invited, expires_at=now() - timedelta(hours=1))
    story.work.by_clock()
    assert only(story).state is State.EXPIRED
    link = take_link(story.mails()[0])
    assert "The time for this questionnaire is over" in bob.browser.get(link).text
    until = day(5)
    for _click in range(2):
        assert "extended" in bob.presses(f"/invitations/{invited}/extend", until=until)
    story.work()
    assert only(story).state is State.SENT
    # 23:59 in Amsterdam, in winter or in summer.
    assert only(story).expires_at.strftime("%Y-%m-%d %H:%M") in (f"{until} 22:59", f"{until} 21:59")
    _first, told = story.mails()
    assert "more time" in told["subject"] and take_link(told) == link
    assert "The time for this" not in bob.browser.get(link).text
    assert bob.audited() == ["invitation_extended"]


@pytest.mark.parametrize("until", ["", "tomorrow", "2020-01-01", "9999-12-31", 1, 300])
def test_a_day_that_gives_no_more_time_is_refused(story, bob, invited, until):
    """A number is of days from now on: named by their dates, tests would change at midnight."""
    before = only(story).expires_at
    until = day(until) if isinstance(until, int) else until
    answer = bob.posts(f"/invitations/{invited}/extend", until=until)
    assert answer.status_code == 422 and "field-error" in answer.text
    assert only(story).expires_at == before


def test_cancelling_closes_the_link_and_no_move_invites_again(story, bob):
    ada = story.applies()
    story.moves(ada)
    story.work("webhook_event")
    path = f"/invitations/{only(story).id}"
    assert "Cancel this invitation?" in text_of(bob.sees(f"{path}/cancel"))
    for _click in range(2):
        assert "Its link is closed" in bob.presses(f"{path}/cancel")
    story.work()
    story.moves(ada, status="INTERVIEW")
    story.moves(ada)
    story.work()
    assert story.mails() == []
    assert only(story).state is State.CANCELLED
    assert "Bob cancelled the invitation." in story.activity()
    assert bob.audited() == ["invitation_cancelled"]
    for verb, form in (("resend", {}), ("extend", {"until": day(30)}), ("address", {})):
        form = form or {"email": "new@example.org"}
        assert bob.posts(f"{path}/{verb}", **form).status_code == 422


def test_a_cancelled_invitation_cannot_be_started(story, bob, invited):
    link = take_link(story.mails()[0])
    bob.presses(f"/invitations/{invited}/cancel")
    assert "This invitation was withdrawn" in bob.browser.get(link).text
    bob.browser.post(f"{link}/start")
    assert only(story).state is State.CANCELLED


def test_starting_and_cancelling_at_once_leave_one_truth(story, bob, invited):
    link = take_link(story.mails()[0])
    candidate = story.world.app.test_client()
    at_once(
        lambda: candidate.post(f"{link}/start"),
        lambda: bob.posts(f"/invitations/{invited}/cancel"),
    )
    invitation = only(story)
    assert (invitation.state, invitation.started_at is None) in (
        (State.CANCELLED, True),
        (State.STARTED, False),
    )


def test_strangers_meet_a_404_and_change_nothing(story, invited):
    charlie = Recruiter(story, story.world.charlie)
    before = only(story)
    for verb in ("resend", "address", "extend", "cancel"):
        path = f"/invitations/{invited}/{verb}"
        assert charlie.posts(path, email="x@example.org", until=day(30)).status_code == 404
    assert charlie.browser.get(f"/invitations/{invited}").status_code == 404
    story.work()
    after = only(story)
    assert (after.state, after.email, after.expires_at) == (
        before.state,
        before.email,
        before.expires_at,
    )
    assert len(story.mails()) == 1


def test_a_form_without_its_token_does_nothing(story, bob, invited):
    assert bob.browser.post(f"/invitations/{invited}/cancel").status_code in (400, 403)
    assert only(story).state is State.SENT


def test_what_a_started_candidate_can_be_given(story, bob, invited):
    link = take_link(story.mails()[0])
    story.world.app.test_client().post(f"{link}/start")
    page = text_of(bob.sees(f"/invitations/{invited}"))
    assert "Cancel invitation" not in page and "More time" in page and "Send again" in page
    assert bob.posts(f"/invitations/{invited}/cancel").status_code == 422
    bob.presses(f"/invitations/{invited}/extend", until=day(40))
    story.work()
    assert only(story).state is State.STARTED
    assert "more time" in story.mails()[-1]["subject"]


def test_days_end_by_the_organisations_clock(story, invited):

    with story.world.app.app_context():
        invitation = service.get(invited)
        summer = extension.end_of_day(invitation, datetime(2027, 7, 1).date())
        winter = extension.end_of_day(invitation, datetime(2027, 12, 1).date())
    assert summer == datetime(2027, 7, 1, 21, 59, tzinfo=UTC)
    assert winter == datetime(2027, 12, 1, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "end"),
    [
        ("America/Santiago", "2027-04-03", "2027-04-04T03:59"),  # its last hour comes twice
        ("America/Santiago", "2027-09-04", "2027-09-05T03:59"),  # the next day begins at 1
        ("Africa/Cairo", "2027-04-29", "2027-04-29T21:59"),  # the next day begins at 1
        ("America/Havana", "2026-10-31", "2026-11-01T03:59"),  # the next day's first hour, twice
        ("Europe/Amsterdam", "2026-10-25", "2026-10-25T22:59"),
    ],
)
def test_an_extension_ends_with_its_day_wherever_clocks_change(zone, day, end):
    invitation = SimpleNamespace(job=SimpleNamespace(organisation=SimpleNamespace(time_zone=zone)))
    found = extension.end_of_day(invitation, date.fromisoformat(day))
    assert f"{found:%Y-%m-%dT%H:%M}" == end
    after = (found + timedelta(minutes=1)).astimezone(ZoneInfo(zone))
    assert after.date() == date.fromisoformat(day) + timedelta(days=1)


def test_a_day_that_has_no_end_in_utc_is_refused(story, bob, invited):
    with story.world.app.app_context(), transaction() as session:
        organisation = session.get_one(Organisation, story.world.northwind)
        organisation.time_zone = "America/New_York"
    answer = bob.posts(f"/invitations/{invited}/extend", until="9999-12-31")
    assert answer.status_code == 422 and "at most 180 days" in text_of(answer.text)


def test_waiting_for_the_mail_server_takes_no_time_away(story, bob):
    """Neither what a person gave while the first mail waited, nor the full time of who was invited
    by hand."""
    story.moves(story.applies())
    story.work("webhook_event")
    bob.presses(f"/invitations/{only(story).id}/extend", until=day(40))
    given = only(story).expires_at
    with time_machine.travel(now() + timedelta(minutes=20)):
        story.work()
    assert only(story).expires_at == given


def test_a_mail_under_way_to_the_old_address_is_not_the_invitation(story, bob, monkeypatch):
    story.moves(story.applies())
    story.work("webhook_event")
    path, send = f"/invitations/{only(story).id}/address", smtp.send

    def corrected_meanwhile(settings, message):
        monkeypatch.setattr(smtp, "send", send)
        send(settings, message)
        at_once(lambda: bob.posts(path, email="ada@work.example"))

    monkeypatch.setattr(smtp, "send", corrected_meanwhile)
    story.work("invitation_mail")
    assert len(story.mails("ada@example.org")) == 1
    assert only(story).state is State.QUEUED
    story.work()
    assert len(story.mails("ada@work.example")) == 1
    assert only(story).state is State.SENT


def test_what_reached_the_person_after_all_is_no_trouble_any_more(story, bob, invited):
    path = f"/invitations/{invited}"
    fault = story.box.post("faults", {"kind": "smtp_5xx", "match": {"address": "ada@example.org"}})
    bob.presses(f"{path}/resend")
    story.work()
    assert "A mail did not reach ada@example.org" in text_of(bob.sees(path))
    story.box._call("DELETE", f"faults/{fault['id']}")
    with time_machine.travel(now() + timedelta(minutes=2)):
        bob.presses(f"{path}/resend")
        story.work()
        assert len(story.mails()) == 2
        assert "A mail did not reach" not in text_of(bob.sees(path))


def test_sent_is_when_it_went_to_the_address_that_is_named(story, bob, invited):
    change(story, invited, sent_at=now() - timedelta(days=3))
    bob.presses(f"/invitations/{invited}/resend")
    story.work()
    assert now() - only(story).sent_at > timedelta(days=2)
    bob.presses(f"/invitations/{invited}/address", email="ada@work.example")
    story.work()
    assert now() - only(story).sent_at < timedelta(minutes=5)


def test_extending_what_never_arrived_sends_the_invitation_again(story, bob):
    fault = story.box.post("faults", {"kind": "smtp_5xx", "match": {"address": "ada@example.org"}})
    story.moves(story.applies())
    story.work()
    invitation_id = only(story).id
    change(story, invitation_id, expires_at=now() - timedelta(hours=1), sent_at=now())
    story.work.by_clock()
    assert only(story).state is State.EXPIRED
    story.box._call("DELETE", f"faults/{fault['id']}")
    bob.presses(f"/invitations/{invitation_id}/extend", until=day(30))
    assert only(story).state is State.UNDELIVERABLE
    story.work()
    (mail,) = story.mails()
    assert "invites you" in mail["subject"]
    assert (only(story).state, only(story).problem) == (State.SENT, None)


def test_a_link_that_nobody_can_go_on_with_is_not_sent_again(story, bob, invited):
    story.world.app.test_client().post(f"{take_link(story.mails()[0])}/start")
    for ago, status in ((20, 303), (30, 422)):
        change(story, invited, expires_at=now() - timedelta(hours=ago))
        shown = "The same link, once more" in text_of(bob.sees(f"/invitations/{invited}"))
        assert shown is (status == 303)
        assert bob.posts(f"/invitations/{invited}/resend").status_code == status
