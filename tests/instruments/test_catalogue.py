"""The catalogue, the vendored items, and the checker that proves a folder complete."""

import hashlib
import json
import shutil

import pytest

from eqsr.instruments import catalogue
from eqsr.instruments.definitions.explanations import BANDS
from tests.instruments.definition_files import edit

WORK_STYLE = catalogue.instrument("work-style")
ITEMS_SHA256 = "f866672c2161fb1de5d0e911aa271a2af7283dcf3f4570124c3739d08c83aa34"

# The key of the 10-item scales as ipip.ori.org/newBigFive5broadKey.htm lists it, by the numbers of
# the 50-item questionnaire page.
KEY = {
    "extraversion": "1+ 6- 11+ 16- 21+ 26- 31+ 36- 41+ 46-",
    "agreeableness": "2- 7+ 12- 17+ 22- 27+ 32- 37+ 42+ 47+",
    "conscientiousness": "3+ 8- 13+ 18- 23+ 28- 33+ 38- 43+ 48+",
    "emotional_stability": "4- 9+ 14- 19+ 24- 29- 34- 39- 44- 49-",
    "intellect": "5+ 10- 15+ 20- 25+ 30- 35+ 40+ 45+ 50+",
}


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped instrument that a test may damage."""
    return shutil.copytree(WORK_STYLE.folder, tmp_path / "copy")


def test_shipped_instruments_are_complete():
    found = catalogue.check_all()
    assert "work_style" in found
    assert not {folder: problems for folder, problems in found.items() if problems}


def test_vendored_items_are_untouched():
    """The published wording; translations stand beside it and are ours."""
    published = "\n".join(item.text for item in WORK_STYLE.items)
    assert hashlib.sha256(published.encode()).hexdigest() == ITEMS_SHA256


def test_key_equals_the_published_one():
    for scale, key in KEY.items():
        ours = " ".join(
            f"{item.number}{'+' if item.keyed == 1 else '-'}" for item in WORK_STYLE.items_of(scale)
        )
        assert ours == key


def test_opposite_pairs_are_of_one_scale_and_of_opposite_key():
    assert len(WORK_STYLE.opposite_pairs) == 8
    for a, b in WORK_STYLE.opposite_pairs:
        first, second = WORK_STYLE.item(a), WORK_STYLE.item(b)
        assert first.scale == second.scale
        assert first.keyed == -second.keyed


def test_the_first_assessment_is_the_short_questionnaire():
    first = catalogue.assessments()[0]
    assert (first.id, first.instruments, first.minutes) == ("work-style", ("work-style",), 8)
    assert catalogue.assessment("work-style") is first


def test_any_instruments_in_any_order_are_an_assessment():
    own = catalogue.set_of(["n-back", "work-style"])
    assert (own.id, own.instruments) == ("n-back+work-style", ("n-back", "work-style"))
    assert (own.name, own.minutes) == ("Letters back, Work style", 16)
    assert catalogue.assessment(own.id) == own
    assert catalogue.set_of(["work-style"]) is catalogue.assessments()[0]


@pytest.mark.parametrize("wrong", [[], ["no-such-thing"], ["n-back", "n-back"], ["n-back", ""]])
def test_what_is_no_assessment(wrong):
    with pytest.raises(KeyError):
        catalogue.set_of(wrong)


def test_every_ready_made_assessment_exists():
    for one in catalogue.assessments():
        assert [catalogue.instrument(part).id for part in one.instruments] == list(one.instruments)


def test_instruments_by_version_and_language():
    assert catalogue.instrument("work-style", "1.0") is WORK_STYLE
    assert catalogue.instrument("work-style", language="fi").language == "en"
    assert WORK_STYLE in catalogue.instruments()
    assert catalogue.instruments("fi") == ()
    for language in ("nl", "de", "fr"):
        spoken = catalogue.instrument("work-style", language=language)
        assert spoken.language == language
        assert len({*spoken.items} & {*WORK_STYLE.items}) == 0
    for wrong in (("work-style", "9.9"), ("no-such-thing", None)):
        with pytest.raises(KeyError):
            catalogue.instrument(*wrong)


def test_newest_version_wins_by_number_not_by_letter(tmp_path, monkeypatch):
    for version in ("1.0", "1.9", "1.10"):
        copy = shutil.copytree(WORK_STYLE.folder, tmp_path / f"work_style_{version}")
        edit(copy / "instrument.json", lambda m, v=version: m.update(version=v))
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    catalogue._versions.cache_clear()
    try:
        assert catalogue.instrument("work-style").version == "1.10"
        assert catalogue.instrument("work-style", "1.9").version == "1.9"
    finally:
        monkeypatch.undo()
        catalogue._versions.cache_clear()
    assert catalogue.instrument("work-style") is WORK_STYLE


def test_unknown_parts_raise():
    with pytest.raises(KeyError):
        WORK_STYLE.scale("neuroticism")
    with pytest.raises(KeyError):
        WORK_STYLE.item(51)
    with pytest.raises(KeyError):
        WORK_STYLE.explanation("extraversion", "medium")


def test_the_norm_is_one_pooled_group():
    norm = WORK_STYLE.norm
    assert norm.n == 603_322
    assert len(norm.caveats) >= 3
    assert set(norm.scales) == {scale.id for scale in WORK_STYLE.scales}
    numbers = json.loads((WORK_STYLE.folder / "norms" / f"{norm.id}.json").read_text())["scales"]
    assert all(set(values) == {"mean", "sd"} for values in numbers.values())


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("scale", [scale.id for scale in WORK_STYLE.scales])
def test_every_explanation_is_written(scale, band):
    text = WORK_STYLE.explanation(scale, band)
    assert (len(text.strengths) >= 2) == (len(text.watch_outs) >= 2) == (band != "mid")
    assert 2 <= len(text.interview) <= 3
    assert all(question.endswith("?") for question in text.interview)
    assert text.measures
    assert text.does_not_tell
    words = " ".join((text.stands, *text.strengths, *text.watch_outs, *text.interview)).split()
    assert 60 <= len(words) <= 120 or band == "mid"


@pytest.mark.parametrize("language", ["en", "fr", "de", "nl"])
def test_the_middle_says_that_it_says_little(language):
    """A sentence that fits everybody tells of nobody."""
    for one in catalogue.instruments(language):
        stands = {one.explanation(scale.id, "mid").stands for scale in one.scales}
        assert len(stands) == 1


@pytest.mark.parametrize("language", ["en", "fr", "de", "nl"])
def test_doing_less_well_at_a_task_is_given_no_strengths(language):
    for one in catalogue.instruments(language):
        for scale in one.scales:
            if scale.better:
                worse, good = sorted(("low", "high"), key=lambda end: end == scale.better)
                assert one.explanation(scale.id, worse).strengths == ()
                assert one.explanation(scale.id, worse).watch_outs
                assert one.explanation(scale.id, good).strengths


def test_the_correlations_are_those_of_the_sample_they_come_from():
    """Gow et al. 2005: the factors in 906 people, the other questionnaires in 207 of them."""
    (gow,) = (sentence for sentence in WORK_STYLE.evidence if "Gow" in sentence)
    assert gow.index("906") < gow.index("207") < gow.index(".69 to .83")


def test_no_explanation_decides_or_diagnoses():
    forbidden = (
        "hire",
        "reject",
        "unsuitable",
        "disorder",
        "neurotic",
        "diagnos",
        "ideal candidate",
    )
    for text in WORK_STYLE.explanations.values():
        words = " ".join((text.stands, *text.strengths, *text.watch_outs, *text.interview)).lower()
        assert not [word for word in forbidden if word in words]


def remove(*path):
    def change(content):
        for key in path[:-1]:
            content = content[key]
        del content[path[-1]]

    return change


def put(value, *path):
    def change(content):
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = value

    return change


MANIFEST, ITEMS = "instrument.json", "items.json"
NORM, EXPLANATIONS = "norms/online-2018.json", "explanations/en.json"


@pytest.mark.parametrize(
    ("file", "change", "problem"),
    [
        (MANIFEST, remove("minutes"), "minutes is missing"),
        (MANIFEST, put("one", "version"), "version is not numbers"),
        (MANIFEST, put("gone", "default_norm"), "default norm gone is missing"),
        (MANIFEST, put(["en", "fi"], "languages"), "item 1: no text in fi"),
        (MANIFEST, put(["en", "fi"], "languages"), "fi.json is missing"),
        (MANIFEST, put(1.2, "scales", 0, "reliability"), "reliability is not between"),
        (MANIFEST, put("", "scales", 0, "reliability_source"), "reliability has no source"),
        (MANIFEST, remove("text", "en", "limits"), "limits is missing"),
        (MANIFEST, remove("text", "en", "options", "3"), "option 3 has no label"),
        (MANIFEST, remove("text", "en", "scales", "intellect", "low_pole"), "no low_pole"),
        (MANIFEST, put([[1, 77]], "opposite_pairs"), "opposite pair [1, 77]"),
        (ITEMS, remove("licence"), "licence is missing"),
        (ITEMS, remove("items", 3), "numbers do not run"),
        (ITEMS, put(0, "items", 0, "keyed"), "item 1: keyed is neither"),
        (ITEMS, remove("items", 0, "keyed"), "item 1: keyed is neither"),
        (ITEMS, put("charm", "items", 0, "scale"), "item 1: unknown scale charm"),
        (ITEMS, put("", "items", 0, "text", "en"), "item 1: no text in en"),
        (ITEMS, put("Insult people.", "items", 0, "text", "en"), "text occurs 2 times"),
        (NORM, remove("n"), "norm online-2018: n is missing"),
        (NORM, put("other", "id"), "its id is other"),
        (NORM, remove("scales", "intellect"), "scale intellect has no norm"),
        (NORM, put({"mean": 3, "sd": 1}, "scales", "charm"), "unknown scale charm"),
        (NORM, put(0, "scales", "intellect", "sd"), "impossible mean or sd"),
        (NORM, put(38.1, "scales", "intellect", "mean"), "impossible mean or sd"),
        (EXPLANATIONS, remove("intellect"), "intellect low has no stands"),
        (EXPLANATIONS, remove("intellect", "measures"), "intellect has no measures"),
        (EXPLANATIONS, remove("intellect", "bands", "mid"), "intellect mid has no stands"),
        (EXPLANATIONS, put([], "intellect", "bands", "high", "interview"), "high has no interview"),
        (EXPLANATIONS, put({}, "charm"), "unknown scale charm"),
        (
            EXPLANATIONS,
            put(["Can often do both."], "intellect", "bands", "mid", "strengths"),
            "intellect mid has strengths, for which there is no evidence",
        ),
    ],
)
def test_checker_names_the_damage(folder, file, change, problem):
    edit(folder / file, change)
    found = catalogue.check(folder)
    assert any(problem in sentence for sentence in found), found


def test_checker_finds_a_scale_without_items(folder):
    edit(
        folder / ITEMS,
        lambda c: [item.update(scale="intellect") for item in c["items"]],
    )
    assert "scale extraversion: has no item" in catalogue.check(folder)


@pytest.mark.parametrize("file", [MANIFEST, ITEMS, EXPLANATIONS, "SOURCE.md"])
def test_checker_finds_a_missing_file(folder, file):
    (folder / file).unlink()
    assert any("is missing" in problem for problem in catalogue.check(folder))


@pytest.mark.parametrize("file", [MANIFEST, ITEMS, NORM, EXPLANATIONS])
@pytest.mark.parametrize("content", ["{", "[]"])
def test_checker_finds_a_broken_file(folder, file, content):
    (folder / file).write_text(content, encoding="utf-8")
    assert any("is not" in problem for problem in catalogue.check(folder))
