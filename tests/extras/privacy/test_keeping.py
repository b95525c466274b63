"""Results are kept as long as the organisation says, to the day, and no longer."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from eqsr.accounts.models import Organisation
from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.activity.models import AuditEntry
from eqsr.candidates.models import Application, Candidate
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.extras.privacy import retention, retention_queries, scheduled_erasure
from eqsr.extras.privacy.retention import months_later
from eqsr.invitations.models import Invitation
from tests.extras.privacy.marked import texts
from tests.page_text import text_of
from tests.screens.profile.profile_page import finished
from tests.sittings import sitting as sit
from tests.world import World, csrf_token

# Noon by the organisation's clock, which is Amsterdam's.
FINISHED = datetime(2026, 8, 31, 10, 0, tzinfo=UTC)
LAST_DAY = date(2027, 2, 28)


@pytest.fixture
def person(app, client, world):
    invited = sit.invite(world)
    finished(client, invited)
    sit.change(invited, completed_at=FINISHED)
    return invited


def keeps(person, months=6):
    with person.app.app_context(), transaction() as session:
        organisation_id = session.get_one(Invitation, person.invitation).organisation_id
        session.get_one(Organisation, organisation_id).keep_months = months


def erased_at(person, moment) -> bool:
    """What the clock does at that moment."""
    with time_machine.travel(moment, tick=False), person.app.app_context():
        scheduled_erasure.erase_over()
        found = db.session.get_one(Invitation, person.invitation, populate_existing=True).erased
        db.session.remove()
        return found


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 1, 15), 12, date(2027, 1, 15)),
        (date(2026, 12, 31), 24, date(2028, 12, 31)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_are_the_calendars(day, months, later):
    assert months_later(day, months) == later


def test_kept_to_the_end_of_its_last_day_and_not_longer(person):
    keeps(person)
    # The day ends at 23:00 UTC in Amsterdam's winter.
    assert not erased_at(person, datetime(2027, 2, 28, 22, 59, tzinfo=UTC))
    assert erased_at(person, datetime(2027, 2, 28, 23, 1, tzinfo=UTC))
    assert not erased_again(person)


def erased_again(person) -> int:
    with time_machine.travel(datetime(2030, 1, 1, tzinfo=UTC)), person.app.app_context():
        return scheduled_erasure.erase_over()


def test_without_an_end_nothing_is_erased(person):
    assert not erased_at(person, datetime(2040, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("day", range(1, 32))
def test_the_day_that_is_told_is_the_day_it_ends(person, day):
    sit.change(person, completed_at=datetime(2026, 8, day, 10, 0, tzinfo=UTC))
    keeps(person)
    with person.app.app_context():
        invitation = db.session.get_one(Invitation, person.invitation)
        told, organisation = retention.kept_until(invitation), invitation.job.organisation
        noon = datetime(told.year, told.month, told.day, 12, tzinfo=UTC)
        with time_machine.travel(noon, tick=False):
            assert retention_queries.batch(organisation, 10) == []
            assert retention_queries.how_many(organisation, 6) == 1
        with time_machine.travel(noon + timedelta(days=1), tick=False):
            assert retention_queries.batch(organisation, 10) == [invitation.application_id]
        with time_machine.travel(noon - timedelta(days=1), tick=False):
            assert retention_queries.how_many(organisation, 6) == 0
        db.session.remove()


def test_what_was_not_finished_counts_from_its_end(app, world):
    person = sit.invite(world)
    sit.change(person, expires_at=FINISHED)
    keeps(person)
    assert not erased_at(person, datetime(2027, 2, 28, 12, tzinfo=UTC))
    assert erased_at(person, datetime(2027, 3, 1, 12, tzinfo=UTC))


def removed(person, at=datetime(2026, 9, 1, 10, tzinfo=UTC)):
    """SmartRecruiters tells that the candidate was deleted there."""
    with person.app.app_context(), transaction() as session:
        session.get_one(Candidate, person.candidate).removed_at = at


@pytest.mark.parametrize("months", [None, 24])
def test_thirty_days_after_the_candidate_was_deleted_in_smartrecruiters(app, person, months):
    keeps(person, months)
    removed(person)
    assert not erased_at(person, datetime(2026, 10, 1, 12, tzinfo=UTC))
    assert erased_at(person, datetime(2026, 10, 2, 12, tzinfo=UTC))


def test_a_shorter_retention_ends_the_copy_earlier(app, person):
    keeps(person, 6)
    removed(person, datetime(2027, 2, 15, 10, tzinfo=UTC))
    assert not erased_at(person, datetime(2027, 2, 28, 12, tzinfo=UTC))
    assert erased_at(person, datetime(2027, 3, 1, 12, tzinfo=UTC))


def test_who_was_deleted_there_and_never_invited_is_forgotten_as_well(app, world):
    person = sit.invite(world)
    removed(person)
    with app.app_context(), transaction() as session:
        session.delete(session.get_one(Invitation, person.invitation))
    names = []
    for day in (1, 2):
        moment = datetime(2026, 10, day, 12, tzinfo=UTC)
        with time_machine.travel(moment, tick=False), app.app_context():
            scheduled_erasure.erase_over()
            names.append(db.session.get_one(Candidate, person.candidate).name)
            db.session.remove()
    assert names == ["Priya Natarajan", "?"]


def test_the_profile_tells_the_day_on_which_the_copy_of_a_deleted_candidate_ends(person, world):
    removed(person)
    with time_machine.travel(FINISHED + timedelta(days=10)):
        profile = text_of(world.log_in(World.alice).get(f"/candidates/{person.candidate}"))
    assert "Our copy is kept until 1 October 2026 at the latest, then deleted." in profile
    assert "Kept until 1 October 2026, then deleted." in profile


def test_before_the_start_a_candidate_reads_that_the_copy_ends_with_its_original(client, world):
    told = text_of(client.get(sit.invite(world).path))
    assert "If Northwind deletes you from its applicant system" in told


def test_only_those_over_time_and_only_where_an_end_was_chosen(app, client, person, world):
    other = sit.invite(world, first="Later")
    sit.change(other, expires_at=FINISHED + timedelta(days=2), completed_at=None)
    keeps(person)
    assert erased_at(person, datetime(2027, 3, 1, 12, tzinfo=UTC))
    with app.app_context():
        assert not db.session.get_one(Invitation, other.invitation).erased


def test_everybody_reads_the_day(client, person, world):
    keeps(person)
    with time_machine.travel(FINISHED + timedelta(days=30)):
        browser = world.log_in(World.alice)
        assert "Kept until 28 February 2027" in text_of(client.get(f"{person.path}/results"))
        assert "Kept until 28 February 2027" in text_of(client.get(f"{person.path}/done"))
        profile = text_of(browser.get(f"/candidates/{person.candidate}"))
        assert "Kept until 28 February 2027, then deleted." in profile
        assert "keeps results for 6 months" in text_of(browser.get("/help/roles"))
        assert "6 months after the assessment" in text_of(browser.get("/organisation"))


def test_before_the_start_a_candidate_reads_how_long(app, client, world):
    person = sit.invite(world)
    keeps(person)
    assert "6 months after you finish, all of it is deleted." in text_of(client.get(person.path))


def chooses(world, months, who=World.alice, **more):
    browser = world.log_in(who)
    form = {"csrf_token": csrf_token(browser), "months": months} | more
    return browser.post("/organisation/keeping", data=form)


def months_of(app) -> int | None:
    with app.app_context():
        found = db.session.query(Organisation).filter_by(slug="northwind").one().keep_months
        db.session.remove()
        return found


def test_a_shorter_time_is_asked_about_before_it_deletes(app, person, world):
    sit.change(person, completed_at=now() - timedelta(days=300))
    assert chooses(world, "12").status_code == 303
    assert months_of(app) == 12
    asked = chooses(world, "6")
    assert asked.status_code == 422
    assert "1 result would be deleted by the end of tomorrow" in text_of(asked)
    assert months_of(app) == 12
    again = chooses(world, "6", asked="1")
    assert again.status_code == 422 and "Tick that these results" in text_of(again)
    assert chooses(world, "6", asked="1", sure="1").status_code == 303
    assert months_of(app) == 6
    assert chooses(world, "").status_code == 303
    assert months_of(app) is None
    with app.app_context():
        entries = db.session.query(AuditEntry).filter_by(action="keeping_changed")
        assert [one.facts["months"] for one in entries.order_by(AuditEntry.id)] == [12, 6, None]


@pytest.mark.parametrize("months", ["7", "-6", "x", "6000000000000000"])
def test_only_what_is_offered(app, world, months):
    assert chooses(world, months).status_code == 422
    assert months_of(app) is None


@pytest.mark.parametrize("who", [World.bob, World.sam])
def test_only_admins_choose(world, who):
    assert chooses(world, "6", who).status_code == 404


def test_who_was_never_invited_is_forgotten_after_the_same_time(app, person, world):
    keeps(person, 24)
    read = datetime(2026, 1, 15, 10, tzinfo=UTC)
    with app.app_context(), transaction() as session:
        invited = session.get_one(Invitation, person.invitation).application
        made = Candidate(organisation_id=world.northwind, first_name="Nemo", email="n@e.example")
        facts = {"organisation_id": world.northwind, "ats_job_id": invited.ats_job_id}
        session.add(Application(candidate=made, read_at=read, **facts))
        session.flush()
        nemo, told = made.id, {"application_id": made.applications[0].id, "email": "n@e.example"}
        activity.log(ActivityKind.BAD_EMAIL, world.northwind, **told)
    for moment, left in (("2028-01-15 22:30", True), ("2028-01-15 23:30", False)):
        at = datetime.fromisoformat(f"{moment}+00:00")
        with time_machine.travel(at, tick=False), app.app_context():
            scheduled_erasure.erase_over()
            found = db.session.get_one(Candidate, nemo, populate_existing=True)
            assert (found.first_name == "Nemo", found.email is not None) == (left, left)
            db.session.remove()
    assert not [one for one in texts(app) if "n@e.example" in one]
    assert any("Natarajan" in one for one in texts(app))
