"""Names that people type where anybody can type anything."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqsr.core.messages import UserError
from eqsr.invitations.names import MAX_NAME_LENGTH, person_name

NAMES = [
    "Ada",
    "Anne-Marie",
    "O'Brien",
    "O’Brien",
    "D'Angelo-Smith, Jr.",
    "J.R.R.",
    "J. R. R. Tolkien",
    "Björk Guðmundsdóttir",
    "Nguyễn Thị Minh Khai",
    "Łukasz Żółć",
    "Müller-Lüdenscheidt",
    "van ’t Hoff",
    "Đặng",
    "Σοφία Παπαδοπούλου",
    "Владимир Объедков",
    "محمد بن سلمان",
    "דָּוִד בֶּן־גּוּרִיּוֹן",
    "رو\u200cزا",
    "आदित्य",
    "ක්\u200dරිෂ්ණ",
    "பாலசுப்ரமணியம்",
    "สมชาย ใจดี",
    "山田 太郎",
    "マリア・ガルシア",
    "김철수",
    "王秀英",
    "ქეთევან",
    "Lluís Gal·la",
    "Hawaiʻi Kaʻiulani",
    "Ravi s/o Kumar",
    "María José (Pepa)",
    "Henry 8",
    "X Æ A-12",
    "Sr. D. José Mª",
    "Wolfe­schlegel­stein".replace("\u00ad", ""),
    "A",
    "李",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_all_the_world_are_names(name):
    assert person_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    "text",
    [
        "http://evil.example",
        "https evil",
        "HTTPS://EVIL.EXAMPLE",
        "www.evil",
        "evil.com",
        "Win at evil.com/prize",
        "evil.co.uk now",
        "evil。com",
        "evil\u2024com",
        "𝐞𝐯𝐢𝐥.𝐜𝐨𝐦",
        "evil.\u200dcom",
        "bit.ly/x",
        "//evil",
        "me@evil.example",
        "<b>Ada</b>",
        "{{ 7*7 }}",
        "%(name)s",
        "Call 0900 12345",
        "12345",
        "€100 for you",
        "🎁 gift",
        "!!!",
        "'-.",
        "Ada: prize",
        "a\u0301" + "\u0301" * 30,
        "x" * (MAX_NAME_LENGTH + 1),
        "hхttp:// evil",
    ],
)
def test_what_is_no_name_is_refused(text):
    with pytest.raises(UserError):
        person_name(text)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Ada \t King ", "Ada King"),
        ("Ada\r\nBcc: ", None),
        ("Ada\nKing", "Ada King"),
        ("A\u200bd\u00ada\ufeff", "Ada"),
        ("\u202eadA", "adA"),
        ("Ada\u3164", "Ada"),
        ("\u200dAda\u200c", "Ada"),
        ("Ada\u00a0King", "Ada King"),
        ("Ada\u2028King", "Ada King"),
        ("A\u030aase", "Åase"),
        ("St.John", "St. John"),
        ("EVIL.COM", "EVIL. COM"),
        ("\u200b", ""),
        ("", ""),
        (None, ""),
        ("\ud800Ada", "Ada"),
    ],
)
def test_what_nobody_sees_is_left_out(typed, name):
    if name is None:
        with pytest.raises(UserError):
            person_name(typed)
    else:
        assert person_name(typed) == name


@given(st.text(max_size=150))
def test_a_name_stays_as_it_is_and_holds_no_break_or_link(text):
    try:
        name = person_name(text)
    except UserError:
        return
    assert (name == " ".join(name.split()) and name.isprintable()) or "\u200c" in name
    assert "://" not in name and "@" not in name and "<" not in name
    if len(name) <= MAX_NAME_LENGTH:
        assert person_name(name) == name
