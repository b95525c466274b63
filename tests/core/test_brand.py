"""Colours that can be read in both schemes, and those that are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqsr.core import brand as module
from eqsr.core.accent import checked_accent
from eqsr.core.brand import DARK_GROUNDS, LIGHT_GROUNDS, brand
from eqsr.core.colours import contrast, mix
from eqsr.core.messages import UserError


def test_contrast_is_the_one_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert mix("#000000", "#ffffff", 0.5) == "#808080"


@pytest.mark.parametrize("text", ["#ffcc00", "#ffffff", "77aaff", "#7a7a7a"])
def test_what_is_too_light_is_refused(text):
    with pytest.raises(UserError, match="too light"):
        checked_accent(text)


@pytest.mark.parametrize("text", ["red", "#12345", "#1234567", "#gggggg", "url(x)", "#3a54c4;}"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(UserError, match="six digits"):
        checked_accent(text)


def test_nothing_is_the_platforms_own():
    assert checked_accent("  ") is None
    assert checked_accent(" 3A54C4 ") == "#3a54c4"


def test_shades_are_mixed_once_for_each_colour(monkeypatch):
    mixed = []
    monkeypatch.setattr(module, "mix", lambda *given: mixed.append(given) or mix(*given))
    module._shades.cache_clear()
    first = brand("#7a3b12")
    assert mixed
    mixed.clear()
    assert brand("#7a3b12", b"logo").light is first.light
    assert brand("#7a3b12", b"logo").logo == b"logo" and first.logo is None
    assert not mixed
    assert brand("#123b7a") != first and mixed


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_that_is_taken_can_be_read_everywhere(number):
    text = f"#{number:06x}"
    try:
        accent = checked_accent(text)
    except UserError:
        assert min(contrast(text, ground) for ground in LIGHT_GROUNDS) < 5.6
        return
    looks = brand(accent)
    for ground in (*LIGHT_GROUNDS, looks.light.soft):
        assert contrast(looks.light.accent, ground) >= 4.5
    for ground in (*DARK_GROUNDS, looks.dark.soft):
        assert contrast(looks.dark.accent, ground) >= 4.5
    for shades in (looks.light, looks.dark):
        assert contrast("#ffffff", shades.fill) >= 4.5
        assert contrast("#ffffff", shades.hover) >= 4.5
    assert contrast(looks.dark.fill, DARK_GROUNDS[1]) >= 3
