"""The folders of tasks and of the long form: complete, honest about norms, and proved."""

import json
import shutil
from collections import Counter
from statistics import mean
from xml.etree import ElementTree as ET

import pytest

from eqsr.instruments import catalogue, plot, score_text, tasks
from eqsr.instruments.definitions.explanations import BANDS
from eqsr.instruments.definitions.norm_groups import NO_NORM
from eqsr.instruments.scoring import ItemResponse, score
from tests.instruments.players import TASKS, mixed, play

LONG = catalogue.instrument("work-style-long")
FERRY = catalogue.instrument("ferry")
EVERY = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
FORBIDDEN = ("hire", "reject", "unsuitable", "disorder", "diagnos", "ideal candidate", "gifted")
MANIFEST, BANK, EXPLANATIONS = "instrument.json", "bank.json", "explanations/en.json"


def test_the_first_set_is_there():
    assert {task.id for task in TASKS} == {
        "digit-span",
        "block-span",
        "n-back",
        "ferry",
        "matrix",
        "spotting",
        "switching",
    }
    assert {task.engine for task in TASKS} == set(tasks.ENGINES)


@EVERY
def test_a_task_claims_no_norm_and_no_reliability_that_nobody_measured(task):
    assert task.norm is NO_NORM
    assert NO_NORM.n == 0
    for scale in task.scales:
        assert scale.reliability is None
        assert scale.reliability_source
        assert scale.unit


@EVERY
def test_every_text_is_written(task):
    for texts in (task.instructions, task.try_out, task.evidence, task.limits, task.accessibility):
        assert texts
        assert all(sentence.endswith((".", "?", "!")) for sentence in texts)
    assert any("comparison group" in sentence for sentence in task.limits)
    assert len(task.evidence) >= 3
    for scale in task.scales:
        for band in BANDS:
            text = task.explanation(scale.id, band)
            assert (len(text.watch_outs) >= 2) == (band != "mid")
            assert (len(text.strengths) >= 2) == (band != "mid" and scale.better in (None, band))
            assert 2 <= len(text.interview) <= 3
            assert all("?" in q or q.startswith("Tell me") for q in text.interview)
            words = " ".join((text.stands, *text.strengths, *text.watch_outs, *text.interview))
            assert 35 <= len(words.split()) <= 120
            assert not [word for word in FORBIDDEN if word in words.lower()]


@EVERY
def test_nothing_about_sex_or_age_is_asked_or_scored(task):
    manifest = (task.folder / MANIFEST).read_text(encoding="utf-8").lower()
    assert not [word for word in ("gender", '"sex', '"age', "birth") if word in manifest]


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(FERRY.folder, tmp_path / "copy")


def edit(path, change):
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "change", "problem"),
    [
        (MANIFEST, lambda m: m.pop("engine"), "engine is missing"),
        (MANIFEST, lambda m: m.update(kind="quiz"), "kind is none of"),
        (MANIFEST, lambda m: m.update(engine="chess"), "no engine chess"),
        (MANIFEST, lambda m: m["parameters"].pop("extra"), "no trials can be made"),
        (MANIFEST, lambda m: m["scales"].pop(), "not the scales of the instrument"),
        (MANIFEST, lambda m: m["scales"][0].pop("least"), "least and most are missing"),
        (MANIFEST, lambda m: m["scales"][0].pop("reliability"), "reliability is not between"),
        (MANIFEST, lambda m: m["scales"][0].update(reliability_source=""), "has no source"),
        (MANIFEST, lambda m: m["text"]["en"].pop("accessibility"), "accessibility is missing"),
        (MANIFEST, lambda m: m["text"]["en"].pop("words"), "words is missing"),
        (MANIFEST, lambda m: m["text"]["en"]["scales"]["solved"].pop("unit"), "has no unit"),
        (MANIFEST, lambda m: m.update(practice={"levels": []}), "practice: has no trials"),
        (MANIFEST, lambda m: m.update(default_norm="gone"), "default norm gone is missing"),
        (BANK, lambda b: b["structures"].pop("9b"), "no trials can be made"),
        (
            BANK,
            lambda b: b["structures"]["5a"][0].update(after=[["a", "b"], ["b", "a"]]),
            "bank 5a 1",
        ),
        (BANK, lambda b: b["structures"]["7c"][0].update(apart=[], after=[]), "bank 7c 1"),
        (EXPLANATIONS, lambda e: e.pop("solved"), "solved low has no stands"),
    ],
)
def test_the_checker_names_the_damage_of_a_task(folder, file, change, problem):
    edit(folder / file, change)
    found = catalogue.check(folder)
    assert any(problem in sentence for sentence in found), found


def test_the_checker_finds_a_task_without_its_bank(folder):
    (folder / BANK).unlink()
    assert any("no trials can be made" in problem for problem in catalogue.check(folder))


# --- The long form ---------------------------------------------------------------------------


def test_the_long_form_has_four_items_per_facet_and_no_question_about_votes_or_health():
    assert len(LONG.items) == 108
    counts = Counter(item.scale for item in LONG.items)
    assert set(counts) == {facet.id for facet in LONG.facets}
    assert set(counts.values()) == {4}
    assert [len(LONG.items_of(scale.id)) for scale in LONG.scales] == [24, 24, 24, 16, 20]
    text = " ".join(item.text for item in LONG.items).lower()
    for word in ("vote", "blue", "binge", "crime", "dumps", "craving"):
        assert word not in text
    assert all(facet.reliability < 0.9 for facet in LONG.facets)


def test_opposites_of_the_long_form_are_of_one_facet_and_of_opposite_key():
    for a, b in LONG.opposite_pairs:
        assert LONG.item(a).scale == LONG.item(b).scale
        assert LONG.item(a).keyed == -LONG.item(b).keyed


def sheet(shift=0.7, ms=3000):
    values = {}
    for item in LONG.items:
        wish = 3 + item.keyed * shift + (item.number % 3 - 1)
        values[item.number] = ItemResponse(round(min(5, max(1, wish))), ms)
    return values


def test_the_long_form_is_scored_without_a_norm_and_says_how_sure_it_is():
    result = score(LONG, sheet(), LONG.norm)
    assert result.norm_id == "none"
    assert [s.scale for s in result.scales] == [s.id for s in LONG.scales]
    assert len(result.facets) == 27
    for one in (*result.scales, *result.facets):
        assert one.interpretable
        assert not one.normed
        assert one.raw == one.raw_mean
        assert 1 <= one.raw_low < one.raw <= one.raw_high <= 5
        assert one.raw_low < one.raw_high
    below = [one.raw - one.raw_low for one in result.scales]
    further_below = [one.raw - one.raw_low for one in result.facets]
    assert mean(below) < mean(further_below)


def test_a_part_with_too_few_answers_is_left_unread():
    answers = sheet()
    first = LONG.items_of("trust")[0].number
    del answers[first]
    result = score(LONG, answers, LONG.norm)
    trust = next(facet for facet in result.facets if facet.scale == "trust")
    assert not trust.interpretable
    assert all(scale.interpretable for scale in result.scales)


def test_the_checker_finds_a_facet_of_nothing(tmp_path):
    folder = shutil.copytree(LONG.folder, tmp_path / "copy")
    edit(folder / MANIFEST, lambda m: m["facets"][0].update(part_of="charm"))
    assert "facet friendliness: is part of no scale" in catalogue.check(folder)


# --- Drawing a score without a norm ----------------------------------------------------------


@EVERY
@pytest.mark.parametrize("layout", ["wide", "compact"])
def test_a_raw_score_is_drawn_on_its_own_range_and_said_in_its_unit(task, layout):
    trials = tasks.generate(task, 3)
    result = tasks.score(task, trials, play(task, trials, mixed(3, 0.9)))
    drawing = ET.fromstring(plot.plot(result.scales, task.scales, layout))
    text = " ".join(node.text or "" for node in drawing.iter())
    for one in result.scales:
        scale = task.scale(one.scale)
        assert score_text.raw_value(one, scale) in text
        assert score_text.written(scale.most) in text
    assert "no comparison group yet" in text
    assert "Sten" not in text


def test_raw_value_in_words():
    trials = tasks.generate(FERRY, 1)
    result = tasks.score(FERRY, trials, play(FERRY, trials))
    solved = result.scales[0]
    words = score_text.raw_value(solved, FERRY.scale("solved"))
    assert words == f"9 of 9 puzzles ({solved.raw_low:.0f} to 9)"
