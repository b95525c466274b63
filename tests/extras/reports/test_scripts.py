"""Names in the world's scripts on paper: real letters, joined, and in the order of reading."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uharfbuzz as hb
from fpdf.enums import TextDirection
from pypdf import PdfReader

from eqsr.extras.reports import letters, reading_order
from eqsr.extras.reports.elements import FactList, Heading, Text
from eqsr.extras.reports.paper import paper
from eqsr.extras.reports.sheet import Sheet

MADE = datetime(2026, 11, 24, 9, tzinfo=UTC)
LTR, RTL = TextDirection.LTR, TextDirection.RTL

NAMES = {
    "Chinese": "王小明",
    "traditional": "劉德華 陳",
    "Japanese": "山田 さくら・ヤマダ",
    "Korean": "김민수",
    "Thai": "สมชาย ใจดี",
    "Georgian": "გიორგი ბერიძე",
    "Armenian": "Արմեն Պետրոսյան",
    "Devanagari": "प्रिया श्रीवास्तव",
    "Arabic": "محمد الأحمد",
    "pointed": "مُحَمَّد",
    "Persian": "نرگس پژمان‌نیا",
    "Hebrew": "דוד כהן",
    "Bengali": "চৌধুরী শ্রেয়া",
    "Tamil": "கிருஷ்ணன்",
    "Telugu": "శ్రీనివాస్",
    "Kannada": "ಶ್ರೀನಿವಾಸ",
    "Malayalam": "ശ്രീകുമാർ",
    "Gujarati": "શ્રીદેવી પટેલ",
    "Gurmukhi": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "Sinhala": "ශ්‍රී ලංකා",
    "Burmese": "ကျော်",
    "Khmer": "អ៊ុំ សុខា",
    "Lao": "ສົມຊາຍ",
    "Amharic": "ስሙ አበበ",
    "Vietnamese": "Nguyễn Thị Hương",
    "decomposed": "Jose\u0301 Nu\u0308n\u0303ez",
    "Greek": "Γιώργος Ξένος",
    "Cyrillic": "Юлия Щёголева",
}
# How many letters become one sign, or another one: joined by the font.
JOINED = {"Devanagari", "Arabic", "Bengali", "Tamil", "Telugu", "Kannada", "Sinhala", "Khmer"}


def on_paper(*elements, language="en", footer="Footer") -> PdfReader:
    pdf = paper(elements, title="Title", footer=footer, language=language, made=MADE)
    return PdfReader(io.BytesIO(pdf))


def drawn(family: str, text: str) -> list[int]:
    """The glyphs of a piece of text; 0 is the box."""
    file = letters.OTHERS.get(family, letters.FONTS / letters.REGULAR)
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(hb.Font(hb.Face(Path(file).read_bytes())), buffer)
    return [one.codepoint for one in buffer.glyph_infos]


@pytest.mark.parametrize("script", NAMES)
def test_every_letter_has_a_sign(script):
    name = letters.printable(NAMES[script])
    assert letters.MISSING not in name
    pieces = list(letters.runs(name))
    assert "".join(piece for _family, piece in pieces) == name
    for family, piece in pieces:
        glyphs = drawn(family, piece)
        assert 0 not in glyphs, (family, piece)
    if script in JOINED:
        alone = [sign for family, piece in pieces for one in piece for sign in drawn(family, one)]
        joined = [sign for family, piece in pieces for sign in drawn(family, piece)]
        assert sorted(joined) != sorted(alone)


@pytest.mark.parametrize("script", sorted(set(NAMES) - {"Arabic", "pointed", "Persian", "Hebrew"}))
def test_the_name_can_be_read_back(script):
    name = NAMES[script]
    page = on_paper(Heading(1, name), FactList([("Name", f"{name} (24)")])).pages[0]
    content = page.get_contents().get_data().decode("latin-1")
    assert letters.is_plain(letters.printable(name)) or name_in_actual_text(name) in content
    for font in page["/Resources"]["/Font"].values():
        assert "/FontFile" in str(list(font["/DescendantFonts"][0]["/FontDescriptor"]))


def name_in_actual_text(name: str) -> str:
    return f"/ActualText <{letters.printable(name).encode('utf-16').hex()}>"


def test_a_mark_stays_with_its_letter():
    assert [family for family, _piece in letters.runs("ශ්‍රී")] == ["NotoSansSinhala"]
    assert [family for family, _piece in letters.runs("مُحَمَّد")] == ["NotoSansArabic"]
    assert list(letters.pieces("น้ำ")) == ["น้", "ำ"]
    assert list(letters.pieces("e\u0301a")) == ["e\u0301", "a"]


@pytest.mark.parametrize(
    ("line", "direction", "seen"),
    [
        ("Ada 24", LTR, [["Ada 24"]]),
        ("x \u2068דוד כהן\u2069 (24)", LTR, [["x \u2068"], ["דוד כהן"], ["\u2069 (24)"]]),
        ("דוד (24), 5", LTR, [["5"], ["), "], ["24"], ["דוד ("]]),
        ("אב 5 גד", LTR, [[" גד"], ["5"], ["אב "]]),
        ("דוד Ada", RTL, [["Ada"], ["דוד "]]),
    ],
)
def test_pieces_stand_where_they_are_read(line, direction, seen):
    found = reading_order.in_sight(line, direction)
    assert [[piece for piece, _turned in some] for some in found] == seen


def test_a_name_from_the_right_leaves_the_foot_as_it_is():
    """The foot is one line from the left: name, organisation, day."""
    sheet = Sheet("", "en")
    sheet.add_page()
    line = "\u2068محمد الأحمد\u2069 · 3 Northwind · 24 November 2026"
    sheet._prepare(line)
    parts = ["".join(one.characters) for one in sheet._preload_bidirectional_text(line, False)]
    assert parts[-1].endswith(" · 3 Northwind · 24 November 2026")
    sheet.output()


def test_a_long_text_without_spaces_is_cut_between_letters():
    page = on_paper(Text("王小明" * 100), Text("สมชาย" * 60)).pages[0]
    assert page.extract_text().count("明") == 100


def test_only_what_is_needed_is_embedded():
    fonts = on_paper(Heading(1, "Ada")).pages[0]["/Resources"]["/Font"]
    assert len(fonts) == 2
