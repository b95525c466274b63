"""Saying which scales matter for a job: with a reason, written down, and only ever words."""

import uuid

import pytest
from sqlalchemy import select

from eqsr.activity.models import AuditEntry
from eqsr.core.db import db, transaction
from eqsr.extras.target_ranges.models import TargetRange
from eqsr.norms.models import JobNorm
from tests.extras.target_ranges.range_form import marks
from tests.page_text import text_of
from tests.screens.profile.several import answers, completes, make_job
from tests.world import World


@pytest.fixture
def job_id(world: World) -> uuid.UUID:
    return make_job(world)


def stored(app) -> list[tuple]:
    with app.app_context():
        rows = db.session.scalars(select(TargetRange).order_by(TargetRange.scale)).all()
        return [(row.scale, row.least, row.most, row.reason) for row in rows]


def page(world, job_id):
    return world.log_in(World.bob).get(f"/jobs/{job_id}/fit")


def test_a_range_is_kept_with_its_reason_and_told_who_set_it(app, world, job_id):
    answer = marks(world, job_id, extraversion=(4, 8, "  Calls  strangers\nall day "))
    assert answer.status_code == 303
    assert stored(app) == [("extraversion", 4, 8, "Calls strangers all day")]
    text = text_of(page(world, job_id))
    assert (
        "Bob marked Extraversion as mattering, stens 4 to 8. Reason: Calls strangers all day"
    ) in text
    with app.app_context():
        entry = db.session.scalar(select(AuditEntry).where(AuditEntry.action == "job_fit_set"))
        assert entry.subject_id == job_id and entry.user_id


def test_changing_and_taking_back_are_told_and_saving_the_same_is_not(app, world, job_id):
    first = (4, 8, "Calls strangers")
    marks(world, job_id, extraversion=first, intellect=(6, 10, "New plans each week"))
    marks(world, job_id, extraversion=first)
    marks(world, job_id, extraversion=(5, 8, "Calls strangers"))
    assert stored(app) == [("extraversion", 5, 8, "Calls strangers")]
    text = text_of(page(world, job_id))
    assert text.count("Bob marked Extraversion") == 2
    assert text.count("Bob no longer marks Imagination/Intellect as mattering.") == 1


@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        ((4, 8, " "), "Say why the work needs it."),
        ((8, 4, "because"), "The range has to begin"),
        ((1, 10, "because"), "From 1 to 10 is everybody."),
        ((0, 5, "because"), "The range has to begin"),
        ((5, 11, "because"), "The range has to begin"),
        (("x", 5, "because"), "The range has to begin"),
        (("٣", 5, "because"), "The range has to begin"),
        ((4, 8, "b" * 501), "at most 500 characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(app, world, job_id, wish, problem):
    answer = marks(world, job_id, extraversion=wish)
    assert answer.status_code == 422
    assert problem in answer.text
    assert stored(app) == []


def test_it_goes_by_the_norm_of_the_job_not_by_that_of_new_jobs(app, world, job_id):
    """A job whose scores are compared with nobody has no stens that could be sought."""
    with app.app_context(), transaction() as session:
        key = {"instrument": "work-style", "instrument_version": "1.0"}
        session.add(JobNorm(job_id=job_id, norm_id="none", norm_version="0", **key))
    assert marks(world, job_id, extraversion=(4, 8, "Calls strangers")).status_code == 303
    assert stored(app) == []


def test_others_meet_a_404(app, world, job_id):
    assert marks(world, job_id, World.charlie, extraversion=(4, 8, "x")).status_code == 404
    assert marks(world, job_id, World.sam, extraversion=(4, 8, "x")).status_code in (400, 404)
    assert stored(app) == []


@pytest.mark.parametrize(
    ("level", "sought", "said"),
    [
        (5, (4, 6), "The band lies above the sought range (stens 4 to 6)"),
        (1, (5, 6), "The band lies below the sought range (stens 5 to 6)"),
    ],
)
def test_a_profile_says_it_in_words(world, job_id, level, sought, said):
    zoe = completes(world, job_id, "Zoe Quist", answers(extraversion=level))
    address = f"/candidates/{zoe.application.candidate_id}"
    browser = world.log_in(World.bob)
    assert "What this job asks for" not in text_of(browser.get(address))
    marks(world, job_id, extraversion=(*sought, "Half the day alone"))
    text = text_of(browser.get(address))
    assert said in text
    assert "Reason: Half the day alone" in text
    assert "Nobody is chosen or left out by it" in text


def test_the_comparison_says_it_in_words_and_draws_the_range(world, job_id):
    both = [
        completes(world, job_id, "Zoe Quist", answers(extraversion=5)),
        completes(world, job_id, "Ada Prins", answers(extraversion=3)),
    ]
    marks(world, job_id, extraversion=(4, 6, "Half the day alone"))
    ids = {"with": [str(one.id) for one in both]}
    found = world.log_in(World.bob).get(f"/jobs/{job_id}/compare", query_string=ids)
    assert "The band lies above the sought range" in text_of(found)
    assert found.text.count('class="plot-sought"') == 2


def test_a_list_can_not_be_ordered_or_narrowed_by_it(world, job_id):
    completes(world, job_id, "Zoe Quist", answers(extraversion=5))
    marks(world, job_id, extraversion=(1, 3, "Alone all day"))
    listed = world.log_in(World.bob).get(f"/jobs/{job_id}?sort=fit&fit=within")
    assert "Zoe Quist" in listed.text
    assert "sought" not in listed.text
