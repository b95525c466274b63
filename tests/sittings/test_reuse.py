"""An earlier result is used for another job if the candidate agrees, and never otherwise."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from eqsr.accounts.models import Organisation
from eqsr.candidates.models import Application, Candidate
from eqsr.core import formats
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.extras.privacy.erasure import erase
from eqsr.invitations.models import Invitation
from eqsr.invitations.models import InvitationState as State
from eqsr.results.note_text import note_of
from eqsr.sittings.models import Answer, Sitting
from tests.page_text import text_of
from tests.screens.profile.profile_page import finished
from tests.sittings import sitting as sit
from tests.world import World

OFFER = "You have done this before"


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
    """The same address on another profile, invited for another job."""
    return sit.invite(world, title="Driver")


def agrees(client, person) -> None:
    assert sit.press(client, person.path, f"{person.path}/reuse").status_code == 302


def test_the_candidate_agrees_and_the_result_is_on_the_second_application(client, first, second):
    page = text_of(client.get(second.path))
    assert OFFER in page
    agrees(client, second)
    assert OFFER not in text_of(client.get(second.path, follow_redirects=True))
    assert sit.invitation(second).state is State.COMPLETED
    assert sit.invitation(second).result_of_id == first.invitation
    assert sit.invitation(second).result_agreed_at is not None
    assert {one.scale: one.outcome for one in sit.scores(second)} == {
        one.scale: one.outcome for one in sit.scores(first)
    }
    assert len(sit.stored(second)) == len(sit.stored(first)) == 50
    with second.app.app_context(), formats.written_for("en", "Europe/Amsterdam"):
        note = note_of(db.session.get(Invitation, second.invitation), now())
        day = (now() - timedelta(days=40)).astimezone(ZoneInfo("Europe/Amsterdam"))
    assert f"Taken on {day.day} {day:%B %Y} for another job; the candidate agreed" in note


def test_the_profile_and_the_history_tell_where_it_is_from(client, first, second, world):
    agrees(client, second)
    profile = text_of(world.log_in(World.alice).get(f"/candidates/{second.candidate}"))
    assert "for another job; the candidate agreed that it is used here." in profile
    assert "The candidate agreed that the result of" in profile
    origin = text_of(world.log_in(World.alice).get(f"/candidates/{first.candidate}"))
    assert "for another job; the candidate agreed" not in origin


def test_taking_it_again_is_as_good(client, first, second):
    sit.answer_all(client, second)
    assert sit.invitation(second).result_of_id is None
    assert OFFER not in text_of(client.get(second.path))
    answer = client.post(f"{second.path}/reuse")
    assert answer.status_code == 302 and sit.invitation(second).state is State.STARTED


def test_pressed_twice_it_is_there_once(client, first, second):
    agrees(client, second)
    client.post(f"{second.path}/reuse")
    with second.app.app_context():
        query = select(Sitting).where(Sitting.invitation_id == second.invitation)
        assert len(db.session.scalars(query).all()) == 1


@pytest.mark.parametrize("erased", ["first", "second"])
def test_erasing_one_erases_both(client, first, second, erased):
    agrees(client, second)
    one = {"first": first, "second": second}[erased]
    with one.app.app_context():
        assert erase(one.application)
        db.session.remove()
        assert db.session.scalars(select(Answer)).all() == []
        assert all(each.erased_at for each in db.session.scalars(select(Application)))
        assert {each.email for each in db.session.scalars(select(Invitation))} == {""}
        db.session.remove()


def nobody_asks(client, second) -> bool:
    offered = OFFER in text_of(client.get(second.path))
    client.post(f"{second.path}/reuse")
    return not offered and sit.invitation(second).state is not State.COMPLETED


def test_an_organisation_that_wants_none_and_one_that_wants_only_new_ones(client, first, second):
    for months in (0, 1):
        with first.app.app_context(), transaction() as session:
            session.execute(update(Organisation).values(reuse_months=months))
        assert nobody_asks(client, second), months


def test_another_version_of_the_assessment_is_another_assessment(client, first, second):
    with first.app.app_context(), transaction() as session:
        session.execute(update(Sitting).values(instrument_version="0.0.1"))
    assert nobody_asks(client, second)


def test_another_address_is_somebody_else(client, first, second):
    with first.app.app_context(), transaction() as session:
        session.get_one(Candidate, first.candidate).email = "priya@home.example"
    assert nobody_asks(client, second)


def test_never_across_organisations(client, first, second, world):
    with first.app.app_context(), transaction() as session:
        for table in (Candidate, Application, Invitation):
            ident = {
                Candidate: first.candidate,
                Application: first.application,
                Invitation: first.invitation,
            }[table]
            session.get_one(table, ident).organisation_id = world.acme
    assert nobody_asks(client, second)
