"""The invitation's email says that an earlier result may be used, when that is so as it leaves."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from eqsr.accounts.models import Organisation
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import emails
from eqsr.invitations.models import Invitation
from eqsr.sittings.models import Sitting
from tests.screens.profile.profile_page import finished
from tests.sittings import sitting as sit

SAYS = "use your earlier result for this application"


@pytest.fixture
def first(client, world):
    person = sit.invite(world, title="Planner")
    finished(client, person)
    sit.change(person, completed_at=now() - timedelta(days=40))
    with person.app.app_context(), transaction() as session:
        session.execute(update(Sitting).values(finished_at=now() - timedelta(days=40)))
    return person


@pytest.fixture
def second(first, world):
    return sit.invite(world, title="Driver")


def says(person, **more) -> bool:
    """What the text and the HTML of an email composed now say, which is the same."""
    with person.app.app_context():
        email = emails.compose(db.session.get_one(Invitation, person.invitation), **more)
        db.session.remove()
    parts = [SAYS in " ".join(part.split()) for part in (email.text, email.html)]
    assert parts[0] == parts[1]
    return parts[0]


def test_it_says_so_to_who_may_use_a_result_and_to_nobody_else(client, first, second):
    assert says(second)
    assert not says(first)


def test_not_to_who_has_started(client, first, second):
    sit.start(client, second)
    assert not says(second)


def test_not_where_the_organisation_wants_none(client, first, second):
    with first.app.app_context(), transaction() as session:
        session.execute(update(Organisation).values(reuse_months=0))
    assert not says(second)


def test_not_to_another_mailbox(client, first, second):
    sit.change(second, email="somebody@mail.example")
    assert not says(second)
