"""Asking somebody to join by mail, and joining."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from eqsr.accounts.organisations import create_organisation
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.messages import UserError
from eqsr.teams.first_admin_invitations import invite_first_admin
from eqsr.teams.models import TeamInvitation
from tests.invitations.conftest import at_once
from tests.people import anybody, link_in, main_words, person
from tests.statements import statements
from tests.world import PASSWORD

NEW = "nadia@northwind.example"
GOOD = {"name": "Nadia Berg", "new": PASSWORD, "repeated": PASSWORD}


@pytest.fixture
def alice(world):
    return person(world, world.alice)


@pytest.fixture
def invited(alice, box, work):
    """Nadia's link, by which she can join."""
    alice.presses("/team/invite", email=NEW, role="reviewer")
    work()
    return link_in(box, NEW, "/join/")


def invitation_path(alice, verb):
    page = alice.browser.get("/team").text
    found = page.split("/team/invitations/", 1)[1].split("/", 1)[0]
    return f"/team/invitations/{found}/{verb}"


def test_somebody_is_invited_and_joins(world, alice, box, work):
    shown = alice.presses("/team/invite", email=" Nadia@Northwind.example ", role="reviewer")
    assert "The invitation is on its way." in shown
    assert f"{NEW} Reviewer Queued" in shown
    assert "every 3s" in alice.browser.get("/team").text, "the page renews itself meanwhile"
    work()
    assert "every 3s" not in alice.browser.get("/team").text
    assert f"{NEW} Reviewer Sent" in alice.sees("/team")
    [mail] = box.get("mails", to=NEW)
    assert mail["subject"] == "Alice invites you to Equalture"
    assert re.search(r"until: .* CES?T\b", mail["text"]), "by the clock of the organisation"
    nadia = anybody(world)
    link = link_in(box, NEW, "/join/")
    page = nadia.sees(link)
    assert "Join Northwind" in page
    assert "Alice invites you to Equalture as a reviewer." in page
    assert nadia.posts(link, **GOOD).location == "/"
    assert "No jobs yet" in nadia.sees("/jobs")
    assert nadia.browser.get("/team").status_code == 404
    team = alice.sees("/team")
    assert "Nadia Berg joined as reviewer." in team
    assert "Alice invited nadia@northwind.example as reviewer." in team
    assert "Invited, not here yet" not in team
    again = anybody(world).browser.get(link)
    assert again.status_code == 410
    assert "You have joined already" in main_words(again)


@pytest.mark.parametrize(
    ("email", "why"),
    [
        ("not an address", "can't be used"),
        ("bob@northwind.example", "is a member already"),
        ("", "Enter an e-mail address."),
    ],
)
def test_who_cannot_be_invited(alice, box, work, email, why):
    answer = alice.posts("/team/invite", email=email, role="reviewer")
    assert answer.status_code == 422
    assert why in main_words(answer)
    work()
    assert box.get("mails") == []


def test_an_account_at_another_customer_is_told_to_its_owner_only(world, alice, box, work):
    """The answer and its statements are the same for every address."""
    seen, made = [], []
    for email in ("first@acme.example", world.charlie, "nadia@acme.example"):

        def invite(email: str = email) -> None:
            answer = alice.posts("/team/invite", email=email, role="reviewer")
            seen.append((answer.status_code, answer.location))

        made.append(statements(world.app, invite))
        assert "The invitation is on its way." in alice.sees("/team")
    assert seen[1] == seen[2]
    assert made[1] == made[2] != []
    work()
    [mail] = box.get("mails", to=world.charlie)
    assert "already has an account at another organisation" in mail["text"]
    assert "reply to this email with another address" in mail["text"]
    assert "/join/" not in mail["text"] + mail["html"]
    assert dict(mail["headers"])["Reply-To"] == world.alice
    assert "Acme" not in mail["text"] + mail["html"]


def test_staff_are_told_of_an_account_elsewhere(world, work):
    """They see all customers anyway, and can tell the person what to do."""
    with world.app.app_context(), pytest.raises(UserError, match="account elsewhere"):
        organisation = create_organisation("Initech")
        invite_first_admin(organisation.id, None, world.charlie)


@pytest.mark.parametrize("role", ["staff", "guest", "", "owner"])
def test_only_the_roles_of_a_customer_are_given(alice, role):
    answer = alice.posts("/team/invite", email=NEW, role=role)
    assert answer.status_code == 422
    assert NEW not in alice.sees("/team")


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"name": " "}, "Enter your name"),
        ({"new": "short", "repeated": "short"}, "at least 12 characters"),
        ({"repeated": "something else"}, "differ"),
        ({"new": "password1234", "repeated": "password1234"}, "tried first"),
        ({"new": NEW, "repeated": NEW}, "your e-mail address"),
    ],
)
def test_a_name_and_a_good_password_are_asked_for(world, invited, form, why):
    nadia = anybody(world)
    answer = nadia.posts(invited, **GOOD | form)
    assert answer.status_code == 422
    assert why in main_words(answer)
    assert nadia.posts(invited, **GOOD).status_code == 303


def test_a_double_click_sends_one_mail(alice, box, work):
    for _click in range(2):
        shown = alice.presses("/team/invite", email=NEW, role="reviewer")
    assert "on its way already" in shown
    work()
    assert len(box.get("mails", to=NEW)) == 1


def test_sending_again_ends_the_earlier_link(world, alice, box, work, invited):
    with time_machine.travel(now() + timedelta(minutes=5)):
        assert "on its way" in alice.presses(invitation_path(alice, "resend"))
        work()
        assert anybody(world).browser.get(invited).status_code == 410
        fresh = link_in(box, NEW, "/join/")
        assert fresh != invited
        assert anybody(world).posts(fresh, **GOOD).status_code == 303


def test_a_withdrawn_invitation_is_closed_at_once(world, alice, invited):
    path, again = (invitation_path(alice, verb) for verb in ("withdraw", "resend"))
    assert "Its link is closed" in alice.presses(path)
    assert alice.posts(again).status_code == 404, "nobody brings back what an admin withdrew"
    assert alice.posts(path).status_code == 303
    assert anybody(world).browser.get(invited).status_code == 410
    assert anybody(world).posts(invited, **GOOD).status_code == 410
    assert f"Alice withdrew the invitation for {NEW}." in alice.sees("/team")


def test_a_link_that_a_worker_made_while_it_was_withdrawn_opens_nothing(world, app, invited):
    with app.app_context(), transaction() as session:
        session.execute(update(TeamInvitation).values(withdrawn_at=now()))
    answer = anybody(world).posts(invited, **GOOD)
    assert answer.status_code == 410
    assert "It was withdrawn" in main_words(answer)


def test_what_was_withdrawn_before_it_left_is_not_sent(alice, box, work):
    alice.presses("/team/invite", email=NEW, role="admin")
    alice.presses(invitation_path(alice, "withdraw"))
    work()
    assert box.get("mails", to=NEW) == []


def test_an_invitation_ends_after_a_week_and_can_be_renewed(world, box, work, invited):
    with time_machine.travel(now() + timedelta(days=7, minutes=1)):
        answer = anybody(world).browser.get(invited)
        assert answer.status_code == 410
        assert "This invitation has expired" in main_words(answer)
        alice = person(world, world.alice)
        assert f"{NEW} Reviewer Expired" in alice.sees("/team")
        alice.presses(invitation_path(alice, "resend"))
        work()
        renewed = link_in(box, NEW, "/join/")
        assert anybody(world).posts(renewed, **GOOD).status_code == 303


def test_joining_twice_at_once_makes_one_member(world, alice, invited):
    browsers = [anybody(world), anybody(world)]
    statuses = []
    at_once(*[lambda one=one: statuses.append(one.posts(invited, **GOOD)) for one in browsers])
    assert sorted(answer.status_code for answer in statuses)[0] == 303
    assert {answer.status_code for answer in statuses} <= {303, 410}
    assert alice.sees("/team").count("Nadia Berg Active nadia@northwind.example") == 1


def test_an_address_that_the_server_refuses_is_shown(alice, box, work):
    box.post("faults", {"kind": "smtp_5xx"})
    alice.presses("/team/invite", email=NEW, role="reviewer")
    work()
    assert f"{NEW} Reviewer Undeliverable" in alice.sees("/team")


def test_the_token_is_nowhere_in_the_database(app, invited):
    from sqlalchemy import text

    from eqsr.core.db import Base, db

    token = invited.removeprefix("/join/")
    with app.app_context():
        for table in Base.metadata.tables.values():
            for row in db.session.execute(text(f'SELECT * FROM "{table.name}"')):  # noqa: S608
                assert token not in str(row), table.name
