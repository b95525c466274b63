"""Whoever answers a mail reaches a person, and not the mailbox of bounces."""

from eqsr.accounts.organisations import create_organisation
from tests.people import anybody, person

SUPPORT = "support@equalture.example"


def reply_to(box, to: str) -> str:
    return dict(box.get("mails", to=to)[-1]["headers"])["Reply-To"]


def test_mails_about_an_account_are_answered_to_the_support(world, box, work):
    anybody(world).posts("/password/forgotten", email=world.bob)
    work()
    assert reply_to(box, world.bob) == SUPPORT


def test_a_first_admin_answers_to_whoever_invited(world, box, work):
    with world.app.app_context():
        organisation = create_organisation("Initech")
        slug = organisation.slug
    person(world, world.sam).presses(f"/customers/{slug}/admin", admin_email="it@initech.example")
    work()
    assert reply_to(box, "it@initech.example") == world.sam
