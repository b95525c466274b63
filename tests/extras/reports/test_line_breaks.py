"""Lines are broken where fpdf2 would break them, only faster."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eqsr.extras.reports.paper import BODY_LINE
from eqsr.extras.reports.sheet import Sheet

WORDS = st.lists(
    st.sampled_from(["a", "of", "self-description", "(95%)", "candidate’s", "12.5", "–", "W" * 70]),
    max_size=30,
)


@pytest.fixture(scope="module")
def sheet():
    made = Sheet("", "en")
    made.add_page()
    yield made
    made.output()  # closes the fonts


@settings(max_examples=50)
@given(words=WORDS, width=st.sampled_from([35.0, 132.0, 170.0]), style=st.sampled_from(["", "B"]))
def test_lines_end_where_fpdf2_would_end_them(sheet, words, width, style):
    sheet.set_font("Noto", style, 9.5)
    text = " ".join(words)
    lines = sheet.multi_cell(width, BODY_LINE, text, dry_run=True, output="LINES", align="L")
    assert sheet.broken(text, width) == (lines or [""])
