"""From answers to a result, on the shipped instrument."""

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.simulation.careless import sincere_sheets
from eqsr.instruments.catalogue import instrument
from eqsr.instruments.definitions.norm_groups import ScaleNorm
from eqsr.instruments.scoring import ItemResponse, score
from eqsr.instruments.scoring.careless_answers import (
    contradiction,
    longest_run,
    reading_ms,
    share_faster,
)
from eqsr.instruments.scoring.measurement_error import regressed_band, sten_ends
from eqsr.instruments.scoring.raw import keyed_value, raw_score
from eqsr.instruments.scoring.reliability import spearman_brown
from eqsr.instruments.scoring.score import DAY_TO_DAY

WORK_STYLE = instrument("work-style")
NUMBERS = [item.number for item in WORK_STYLE.items]
SHEETS = st.lists(st.integers(1, 5), min_size=50, max_size=50)


def answers(values, ms=3000):
    return {n: ItemResponse(v, ms) for n, v in zip(NUMBERS, values, strict=True)}


def leaning(high=4, low=2, ms=3000):
    """Somebody who agrees with what points up and disagrees with what points down."""
    return answers([high if item.keyed == 1 else low for item in WORK_STYLE.items], ms)


def person(seed, ms=3000):
    """A made-up attentive person: five traits, and noise that gives an alpha of about .8."""
    rng = random.Random(seed)
    traits = {scale.id: rng.gauss(0, 0.7) for scale in WORK_STYLE.scales}
    values = []
    for item in WORK_STYLE.items:
        wish = 3 + item.keyed * (0.4 + traits[item.scale]) + rng.gauss(0, 0.9)
        values.append(max(1, min(5, round(wish))))
    return answers(values, ms)


def result(given_answers):
    return score(WORK_STYLE, given_answers, WORK_STYLE.norm)


@pytest.mark.parametrize("value", range(1, 6))
def test_reverse_keying_is_six_minus(value):
    assert keyed_value(value, -1) == 6 - value
    assert keyed_value(value, 1) == value
    assert keyed_value(keyed_value(value, -1), -1) == value


@pytest.mark.parametrize(("value", "key"), [(0, 1), (6, -1), (3, 0), (3, 2)])
def test_keying_refuses_nonsense(value, key):
    with pytest.raises(ValueError):
        keyed_value(value, key)


def test_a_result_by_hand():
    extraversion = result(leaning()).scales[0]
    assert extraversion.raw_sum == 40
    assert extraversion.raw_mean == 4
    z = (4 - 2.9138) / 0.9112
    assert extraversion.z == pytest.approx(z, abs=1e-9)
    assert extraversion.t == pytest.approx(50 + 10 * z, abs=1e-9)
    assert (extraversion.sten, extraversion.band_word) == (8, "high")
    # An alpha of .87, of which a tenth of the variance changes from day to day.
    half = 1.96 * (0.77 * 0.23) ** 0.5
    assert extraversion.band_low == round(2 * (0.77 * z - half) + 5.5, 1)
    assert extraversion.band_high == round(2 * (0.77 * z + half) + 5.5, 1)
    assert (extraversion.norm_id, extraversion.norm_version) == ("online-2018", "1")


@given(SHEETS)
def test_scale_means_stay_on_the_metric_and_sums_agree(values):
    for scale in result(answers(values)).scales:
        assert 1 <= scale.raw_mean <= 5
        assert scale.raw_sum == pytest.approx(10 * scale.raw_mean, abs=1e-9)


@given(SHEETS)
def test_opposite_answers_give_the_mirrored_mean(values):
    mirrored = result(answers([6 - value for value in values])).scales
    for scale, mirror in zip(result(answers(values)).scales, mirrored, strict=True):
        assert scale.raw_mean + mirror.raw_mean == pytest.approx(6, abs=1e-9)


@given(SHEETS)
def test_reversing_every_key_equals_mirroring_every_answer(values):
    turned = replace(
        WORK_STYLE, items=tuple(replace(item, keyed=-item.keyed) for item in WORK_STYLE.items)
    )
    for scale in WORK_STYLE.scales:
        with_turned_keys = raw_score(turned.items_of(scale.id), answers(values))
        mirrored = raw_score(WORK_STYLE.items_of(scale.id), answers([6 - v for v in values]))
        assert with_turned_keys == mirrored


@given(SHEETS, st.randoms())
def test_the_order_in_which_answers_arrive_does_not_matter(values, rng):
    sheet = answers(values)
    shuffled = list(sheet.items())
    rng.shuffle(shuffled)
    assert result(dict(shuffled)) == result(sheet)


@given(st.integers(0, 10_000), st.sampled_from(NUMBERS))
def test_agreeing_more_never_lowers_the_scale_of_a_plus_keyed_item(seed, number):
    sheet = person(seed)
    item = WORK_STYLE.item(number)
    if sheet[number].value == 5:
        return
    raised = sheet | {number: ItemResponse(sheet[number].value + 1, 3000)}
    before = raw_score(WORK_STYLE.items_of(item.scale), sheet).mean
    after = raw_score(WORK_STYLE.items_of(item.scale), raised).mean
    assert (after - before) * item.keyed == pytest.approx(0.1, abs=1e-9)


def test_two_missing_answers_are_prorated_and_widen_the_band():
    sheet = leaning()
    del sheet[1], sheet[6]
    extraversion = result(sheet).scales[0]
    assert (extraversion.answered, extraversion.interpretable) == (8, True)
    assert extraversion.raw_sum == pytest.approx(40, abs=1e-9)
    reliability = spearman_brown(0.87, 0.8) - DAY_TO_DAY
    ends = regressed_band(extraversion.z, 0, 1, reliability)
    assert (extraversion.band_low, extraversion.band_high) == sten_ends(*ends)
    full = result(leaning()).scales[0]
    assert extraversion.band_low < full.band_low


def test_a_narrower_group_makes_nobodys_answers_more_exact():
    """An own group with half the published spread: a point counts twice as many stens, and so does
    the margin, which in the answers' own unit stays as it was."""
    published = WORK_STYLE.norm.scales["extraversion"]
    narrow = ScaleNorm(published.mean, published.sd / 2)
    scales = WORK_STYLE.norm.scales | {"extraversion": narrow}
    own = replace(WORK_STYLE.norm, id="local", scales=scales)
    sheet = leaning() | {
        item.number: ItemResponse(3, 3000) for item in WORK_STYLE.items_of("extraversion")
    }
    wide, close = (score(WORK_STYLE, sheet, norm).scales[0] for norm in (WORK_STYLE.norm, own))
    assert close.z == pytest.approx(2 * wide.z)
    assert (close.raw_low, close.raw_high) == pytest.approx((wide.raw_low, wide.raw_high))
    half = 1.96 * 2 * 2 * (0.77 * 0.23) ** 0.5
    assert close.band_high - close.band_low == pytest.approx(2 * half, abs=0.11)


@pytest.mark.parametrize("name", ["work-style", "work-style-long"])
def test_no_group_moves_a_margin_in_the_answers_own_unit(name):
    """Neither a wide group nor a narrow one, with or without a published group beside it."""
    form = instrument(name)
    (sheet,) = sincere_sheets(form, 1, random.Random(8))
    plain = score(form, sheet, form.norm)
    for sd in (0.2, 0.5, 1.5):
        groups = {scale.id: ScaleNorm(3.4, sd) for scale in form.scales}
        own = replace(WORK_STYLE.norm, id="local", n=100, scales=groups)
        for before, after in zip(plain.scales, score(form, sheet, own).scales, strict=True):
            assert after.interpretable
            assert after.normed
            assert (after.raw_low, after.raw_high) == (before.raw_low, before.raw_high)


@given(SHEETS)
def test_a_bar_holds_its_own_score_and_ends_where_answers_end(values):
    for scale in result(answers(values)).scales:
        if scale.interpretable:
            assert 1 <= scale.raw_low <= scale.raw_mean <= scale.raw_high <= 5
            assert scale.band_low - 0.05 <= scale.position <= scale.band_high + 0.05


def test_three_missing_answers_leave_that_scale_unread_and_the_others_read():
    sheet = leaning()
    del sheet[1], sheet[6], sheet[11]
    first, *others = result(sheet).scales
    assert not first.interpretable
    assert (first.raw_mean, first.sten, first.band_word, first.percentile) == (None,) * 4
    assert all(scale.interpretable for scale in others)


def test_no_answers_at_all():
    empty = result({})
    assert not empty.interpretable
    assert all(scale.answered == 0 for scale in empty.scales)


def test_unknown_items_and_values_are_refused():
    with pytest.raises(KeyError):
        result({51: ItemResponse(3)})
    for value in (0, 6):
        with pytest.raises(ValueError):
            result(leaning() | {1: ItemResponse(value)})


def test_a_result_survives_json():
    stored = json.loads(json.dumps(result(leaning()).to_dict(), allow_nan=False))
    assert [scale["scale"] for scale in stored["scales"]] == [s.id for s in WORK_STYLE.scales]
    assert stored["scales"][0]["sten"] == 8
    assert stored["quality"]["interpretable"] is True


def test_attentive_people_are_read():
    unread = [seed for seed in range(500) if not result(person(seed)).interpretable]
    assert len(unread) <= 5


@pytest.mark.parametrize("value", range(1, 6))
def test_one_answer_all_the_way_is_not_read_and_not_low(value):
    straight = result(answers([value] * 50))
    assert not straight.interpretable
    assert {flag.code for flag in straight.quality.flags} >= {"long_run", "no_spread"}
    assert all(scale.sten is None and scale.band_word is None for scale in straight.scales)


@pytest.mark.parametrize("ms", [500, 1500, 5000, None])
@pytest.mark.parametrize("name", ["work-style", "work-style-long"])
def test_of_dice_at_any_pace_at_most_one_in_ten_is_read(name, ms):
    form, unread = instrument(name), 0
    for seed in range(300):
        rng = random.Random(seed)
        sheet = {item.number: ItemResponse(rng.randint(1, 5), ms) for item in form.items}
        unread += not score(form, sheet, form.norm).quality.interpretable
    assert unread >= 270


@pytest.mark.parametrize("name", ["work-style", "work-style-long"])
def test_of_people_who_read_at_most_one_in_fifty_is_refused(name):
    form = instrument(name)
    sheets = sincere_sheets(form, 800, random.Random(4))
    unread = [sheet for sheet in sheets if not score(form, sheet, form.norm).quality.interpretable]
    assert len(unread) <= 16


@pytest.mark.parametrize("pattern", [(1, 2, 3, 4, 5), (1, 2, 3, 4, 5, 4, 3, 2), (2, 4)])
def test_patterns_are_not_read(pattern):
    repeated = result(answers([pattern[at % len(pattern)] for at in range(50)]))
    assert not repeated.interpretable
    assert any(flag.code == "repetition" and flag.void for flag in repeated.quality.flags)
    assert all(scale.sten is None for scale in repeated.scales)


def test_answers_faster_than_sight_are_not_read():
    too_fast = result(leaning(ms=90))
    assert not too_fast.interpretable
    assert any(flag.code == "no_reaction" and flag.void for flag in too_fast.quality.flags)


def test_a_quick_but_consistent_reader_is_doubted_and_still_read():
    quick = result(leaning(ms=600))
    assert quick.interpretable
    assert [flag.code for flag in quick.quality.flags] == ["too_fast"]
    assert "80% of the answers" in quick.quality.flags[0].sentence


def test_some_hasty_answers_count_as_one_sign_only():
    sheet = leaning()
    sheet |= {number: ItemResponse(sheet[number].value, 90) for number in range(1, 16)}
    hasty = result(sheet)
    assert [flag.code for flag in hasty.quality.flags] == ["too_fast"]
    assert hasty.interpretable


def test_without_times_nothing_is_said_about_speed():
    measures = result(leaning(ms=None)).quality.measures
    assert "too_fast" not in measures
    assert "no_reaction" not in measures


def test_agreeing_with_opposites_is_not_read():
    contradictory = result(answers([5, 4] * 25))
    assert not contradictory.interpretable
    assert any(flag.code == "contradiction" and flag.void for flag in contradictory.quality.flags)


def test_quality_measures_by_hand():
    assert longest_run([]) == 0
    assert longest_run([1, 1, 2, 2, 2, 1]) == 3
    assert share_faster([100, 200, 900], [200, 200, 950]) == pytest.approx(2 / 3)
    assert reading_ms("Am always prepared.") == pytest.approx(300 + 1000 * 19 / 60)
    assert contradiction([(1, 2), (3, 4)], {1: 5, 2: 1, 3: 5, 4: 5}, 1, 5) == 2
    assert contradiction([(1, 2)], {1: 5}, 1, 5) is None
