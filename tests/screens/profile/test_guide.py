"""The interview guide: the same questions for everybody, rated by behaviour."""

import shutil
from html import unescape

import pytest
from sqlalchemy import select

from eqsr.activity.models import AuditEntry
from eqsr.core.db import db
from eqsr.instruments import catalogue
from eqsr.instruments.definitions.explanations import ANCHORS
from tests.extras.target_ranges.range_form import marks
from tests.instruments.definition_files import edit
from tests.page_text import text_of
from tests.screens.profile.several import CARELESS, answers, completes, make_job
from tests.world import World

pytestmark = pytest.mark.one_database


@pytest.fixture
def job_id(world):
    return make_job(world)


def guide(world, completed, **query):
    address = f"/candidates/{completed.application.candidate_id}/guide"
    return world.log_in(World.bob).get(address, query_string=query)


def test_each_scale_has_questions_with_three_described_ratings_of_five(world, job_id):
    page = guide(world, completes(world, job_id, "Zoe Quist", answers(extraversion=5)))
    text = unescape(text_of(page))
    questions = catalogue.instrument("work-style").interview
    assert len(questions) == 10
    for question in questions:
        assert question.ask in text
        assert all(anchor in text for anchor in question.anchors.values())
    assert text.count("In between") == 2 * len(questions)
    assert page.text.count('class="box"') == len(questions) + 1
    assert "data-print" in page.text


def test_the_rated_questions_are_the_same_for_everybody(world, job_id):
    def rated(name, **levels):
        text = text_of(guide(world, completes(world, job_id, name, answers(**levels))))
        return [one.ask for one in catalogue.instrument("work-style").interview if one.ask in text]

    assert rated("Zoe Quist", extraversion=5) == rated("Ada Prins", extraversion=1)


def test_what_is_worth_asking_follows_the_band_and_is_not_rated(world, job_id):
    kind = catalogue.instrument("work-style")
    low, high = (kind.explanation("extraversion", band).interview[0] for band in ("low", "high"))
    text = text_of(guide(world, completes(world, job_id, "Zoe Quist", answers(extraversion=5))))
    assert high in text and low not in text
    assert "Not rated, because others are not asked it." in text


def test_an_uninterpretable_result_changes_no_question(world, job_id):
    text = text_of(guide(world, completes(world, job_id, "Cal Loos", CARELESS)))
    assert catalogue.instrument("work-style").interview[0].ask in text
    assert "Worth asking this person" not in text


def test_only_what_matters_for_the_job_is_asked_once_somebody_said_so(world, job_id):
    zoe = completes(world, job_id, "Zoe Quist", answers())
    assert "all are here" in text_of(guide(world, zoe))
    reason = "Night shifts run to a checklist"
    marks(world, job_id, conscientiousness=(5, 9, reason))
    text = text_of(guide(world, zoe))
    assert f"Why it matters here: {reason}" in text
    assert "Conscientiousness" in text and "Extraversion" not in text


def test_before_the_result_and_for_another_invitation_there_is_none(world, job_id):
    zoe = completes(world, job_id, "Zoe Quist", answers())
    other = completes(world, job_id, "Ada Prins", answers())
    assert "There is no result yet" in text_of(guide(world, zoe, invitation=str(other.id)))
    assert "Interviewer" in text_of(guide(world, zoe, invitation=str(zoe.id)))
    assert "Interviewer" in text_of(guide(world, zoe, invitation="nonsense"))


def test_strangers_meet_a_404_and_each_look_is_accounted_for(app, world, job_id):
    zoe = completes(world, job_id, "Zoe Quist", answers())
    address = f"/candidates/{zoe.application.candidate_id}/guide"
    assert world.log_in(World.charlie).get(address).status_code == 404
    guide(world, zoe)
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "guide_viewed"))
        assert [row.subject_id for row in rows] == [zoe.application.candidate_id]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda c: c.pop("intellect"), "intellect has no looks_for or no questions"),
        (lambda c: c.update(charm={}), "unknown scale charm"),
        (lambda c: c["intellect"]["questions"][0].pop("probes"), "without words or probes"),
        (lambda c: c["intellect"]["questions"][1]["anchors"].pop("3"), "anchors are not 1, 3 and"),
    ],
)
def test_the_checker_finds_what_is_missing(tmp_path, change, problem):
    folder = shutil.copytree(catalogue.instrument("work-style").folder, tmp_path / "copy")
    edit(folder / "interview" / "en.json", change)
    (found,) = catalogue.check(folder)
    assert problem in found


def test_every_instrument_asks_about_each_of_its_scales():
    for kind in catalogue.instruments():
        assert {one.scale for one in kind.interview} == {scale.id for scale in kind.scales}
        assert all(tuple(one.anchors) == ANCHORS for one in kind.interview)
