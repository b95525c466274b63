"""Games have no comparison group yet: their results are told in their own unit everywhere."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from eqsr.core.columns import new_id
from eqsr.extras.reports import part as reported
from eqsr.extras.reports.paper import paper
from eqsr.extras.target_ranges.overlap import Overlap
from eqsr.instruments import catalogue
from eqsr.instruments.scoring import ScaleScore
from eqsr.screens.profile import band_mark, drawing, wording
from eqsr.screens.profile.comparison import Comparison, ComparisonRow
from eqsr.screens.profile.scale_results import ProfilePart, ScaleResult
from eqsr.sittings.models import Sitting

pytestmark = pytest.mark.one_database

SPAN = catalogue.instrument("digit-span")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def scored(scale: str, raw: float = 6.5) -> ScaleScore:
    return ScaleScore(
        scale=scale,
        raw_sum=None,
        raw_mean=None,
        answered=12,
        items=12,
        norm_id="none",
        norm_version="0",
        interpretable=True,
        raw=raw,
        raw_low=raw - 1.1,
        raw_high=raw + 1.1,
    )


def part(*scores: ScaleScore) -> ProfilePart:
    sitting = Sitting(id=new_id(), instrument_version="1.0", finished_at=NOON, quality=[])
    results = [
        ScaleResult(
            scale=SPAN.scale(score.scale),
            score=score,
            low=SPAN.explanation(score.scale, "low"),
            high=SPAN.explanation(score.scale, "high"),
            here=None,
        )
        for score in scores
    ]
    return ProfilePart(sitting, SPAN, SPAN.norm, 12, results)


def test_the_report_tells_the_score_in_its_unit_and_compares_with_nobody(app):
    with app.test_request_context():
        elements = list(reported.elements(part(scored("forward"), scored("backward", 4.0))))
    pdf = paper(elements, title="t", footer="f", language="en", made=NOON)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    text = " ".join(text.split())
    assert "6.5 digits (5.4 to 7.6)" in text
    assert "No comparison group yet" in text
    assert "of the comparison group" not in text and "Sten" not in text
    assert "There is no comparison group yet, so none of it is high or low." in text
    assert "what most people have" not in text


@pytest.mark.parametrize(
    ("left_out", "said"), [(False, "it is not a low score"), (True, "left it out")]
)
def test_a_game_without_a_reading_is_told_without_a_number(app, left_out, said):
    unread = replace(scored("forward"), interpretable=False, raw=None, raw_low=None, raw_high=None)
    found = part(unread)
    found.sitting.left_out = left_out
    with app.test_request_context():
        told = repr(list(reported.elements(found)))
    assert said in told
    assert "('Digits in order', 'Not interpretable')" in told


def test_a_line_and_a_mark_need_no_norm(app):
    with app.test_request_context():
        scale = SPAN.scale("forward")
        assert wording.score_line(scored("forward"), scale) == "6.5 digits (5.4 to 7.6)"
        assert "plot-band" in band_mark.mark(scored("forward"), scale)
        assert band_mark.mark(replace(scored("forward"), interpretable=False), scale) == ""


@pytest.mark.parametrize("layout", [drawing.WIDE_COMPARISON, drawing.COMPACT_COMPARISON])
def test_a_comparison_is_drawn_on_the_scales_own_range(layout):
    scale = SPAN.scale("forward")
    rows = [ComparisonRow("Ada", new_id(), scored("forward"), Overlap.UNKNOWN)]
    rows.append(ComparisonRow("Bo", new_id(), None, Overlap.UNKNOWN))
    found = Comparison(SPAN, scale, SimpleNamespace(least=4, most=6), rows, [])
    svg = drawing.several(found, layout, "x")
    assert svg.count("plot-point") == 1
    assert "6.5 digits" in svg and "Not interpretable" in svg
    assert f">{scale.least:g}<" in svg and f">{scale.most:g}<" in svg
    assert "plot-sought" not in svg
