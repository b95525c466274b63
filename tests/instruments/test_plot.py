"""The drawing: well-formed, complete in words, and inside its box."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from eqsr.instruments.catalogue import instrument
from eqsr.instruments.plot import plot, plot_row
from eqsr.instruments.plot_layout import LAYOUTS
from eqsr.instruments.scoring import ItemResponse, score

SVG = "{http://www.w3.org/2000/svg}"
WORK_STYLE = instrument("work-style")
ANSWERS = {
    item.number: ItemResponse((4 if item.keyed == 1 else 2) if item.number % 3 else 3, 3000)
    for item in WORK_STYLE.items
}
SCORES = score(WORK_STYLE, ANSWERS, WORK_STYLE.norm).scales
UNREAD = replace(SCORES[0], interpretable=False, sten=None, position=None, band_low=None)


def by_class(root, name):
    return [node for node in root.iter() if name in (node.get("class") or "").split()]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_number_is_drawn_and_said(layout):
    root = ET.fromstring(plot(SCORES, WORK_STYLE.scales, layout))
    rows = by_class(root, "plot-row")
    assert len(rows) == len(SCORES) == 5
    for row, one in zip(rows, SCORES, strict=True):
        scale = WORK_STYLE.scale(one.scale)
        assert row.get("role") == "img"
        assert row.find(f"{SVG}title").text == scale.name
        said = row.find(f"{SVG}desc").text
        assert f"Sten {one.sten} of 10" in said
        assert f"{one.band_low:.1f} to {one.band_high:.1f}" in said
        drawn = [node.text for node in row.iter(f"{SVG}text")]
        assert f"{one.sten} ({one.band_low:.1f} – {one.band_high:.1f})" in drawn
        assert {scale.low_pole, scale.high_pole} <= set(drawn)
        (axis,) = row.findall(f"{SVG}use")
        (stens,) = [node for node in root.iter() if node.get("id") == axis.get("href")[1:]]
        assert [str(n) for n in range(1, 11)] == [t.text for t in by_class(stens, "plot-tick")]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_the_point_lies_in_its_sten_and_in_its_band(layout):
    root = ET.fromstring(plot(SCORES, WORK_STYLE.scales, layout.name))
    for row, one in zip(by_class(root, "plot-row"), SCORES, strict=True):
        (band,), (point,) = by_class(row, "plot-band"), by_class(row, "plot-point")
        cell = by_class(root, "plot-axis")[one.sten - 1]
        x = float(point.get("cx"))
        assert float(cell.get("x")) <= x <= float(cell.get("x")) + float(cell.get("width"))
        assert float(band.get("x")) <= x <= float(band.get("x")) + float(band.get("width"))
        assert float(band.get("x")) + float(band.get("width")) <= layout.width


@pytest.mark.parametrize("layout", LAYOUTS)
def test_labels_point_at_ids_that_exist_once(layout):
    drawings = [plot(SCORES, WORK_STYLE.scales, layout)]
    drawings += [plot_row(s, WORK_STYLE.scale(s.scale), layout) for s in SCORES]
    root = ET.fromstring(f"<page>{''.join(drawings)}</page>")
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids)) == 26
    for row in by_class(root, "plot-row"):
        assert set(row.get("aria-labelledby").split()) <= set(ids)


def test_both_layouts_on_one_page_share_no_id():
    ids = [
        {node.get("id") for node in ET.fromstring(plot(SCORES, WORK_STYLE.scales, name)).iter()}
        for name in LAYOUTS
    ]
    assert ids[0] & ids[1] == {None}


def test_nothing_that_the_content_security_policy_forbids():
    drawing = plot(SCORES, WORK_STYLE.scales)
    assert "style" not in drawing
    assert "<script" not in drawing
    assert "http://" not in drawing.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_an_unread_score_says_so_and_draws_no_point():
    root = ET.fromstring(plot_row(UNREAD, WORK_STYLE.scales[0]))
    assert not by_class(root, "plot-point")
    assert not by_class(root, "plot-band")
    assert by_class(root, "plot-none")[0].text == "Not interpretable"
    assert root.find(f".//{SVG}desc").text.startswith("Not interpretable")


def test_words_are_escaped():
    scale = replace(WORK_STYLE.scales[0], name="<b>&", low_pole='"quoted"', high_pole="<script>")
    root = ET.fromstring(plot_row(SCORES[0], scale))
    assert root.find(f".//{SVG}title").text == "<b>&"
    assert "<script>" in [node.text for node in root.iter(f"{SVG}text")]


def test_words_can_be_given_in_another_language():
    drawing = plot(SCORES, WORK_STYLE.scales, describe=lambda s, _: f"Sten {s.sten} van 10")
    assert f"Sten {SCORES[0].sten} van 10" in drawing


def test_unknown_layout_or_scale():
    with pytest.raises(KeyError):
        plot(SCORES, WORK_STYLE.scales, "huge")
    with pytest.raises(KeyError):
        plot(SCORES, WORK_STYLE.scales[1:])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_unit_gives_way_to_a_long_name(layout):
    raw = replace(SCORES[0], sten=None, raw=39.0, raw_low=34.0, raw_high=45.0)
    about = {"unit": "right per minute", "least": 0, "most": 80, "decimals": 0}
    scale = replace(WORK_STYLE.scales[0], name="Pace and accuracy together", **about)
    drawing = str(plot_row(raw, scale, layout))
    assert ">39 (34 to 45)<" in drawing
    assert "39 right per minute (34 to 45), no comparison group yet" in drawing
    short = str(plot_row(raw, replace(scale, name="Pace", unit="ms"), layout))
    assert ">39 ms (34 to 45)<" in short
