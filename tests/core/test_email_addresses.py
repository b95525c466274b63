import pytest

from eqsr.core.email_addresses import (
    ascii_domain,
    checked_address,
    is_read,
    looks_like_address,
    on_the_wire,
    plain_address,
    usable_address,
)
from eqsr.core.invisible import clean_name
from eqsr.core.messages import UserError


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.org",
        " ada@example.org ",
        "o'neil+job@mail.example.co.uk",
        "ada@xn--bcher-kva.example",
        "jürgen@bücher.example",
        "a@b.nl",
    ],
)
def test_usable(address):
    assert usable_address(address) == checked_address(address) == address.strip()
    assert looks_like_address(address)


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "  ",
        "ada",
        "ada@",
        "@example.org",
        "ada@localhost",
        "ada@@example.org",
        "a b@example.org",
        "ada@example.org\nBcc: x@y.zz",
        "ada@exa mple.org",
        "ada@-example.org",
        ".ada@example.org",
        "ada..b@example.org",
        "ada@example.1",
        "<ada@example.org>",
        "ada@example.org, eve@example.org",
        "a" * 65 + "@example.org",
        "ada@" + "a" * 254 + ".org",
    ],
)
def test_not_usable(address):
    assert usable_address(address) is None
    with pytest.raises(UserError, match="can't be used"):
        checked_address(address)


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("ada@localhost", True),
        ("\u200bada@example.org ", True),
        ("a" * 64 + "@" + "b" * 189, True),
        ("a" * 64 + "@" + "b" * 190, False),
        ("", False),
        ("ada", False),
        ("a@b@c", False),
        ("ada@example.org\nBcc: x@y.zz", False),
        ("<ada@example.org>", False),
    ],
)
def test_a_slip_of_the_finger_is_noticed(text, looks):
    assert looks_like_address(text) is looks


@pytest.mark.parametrize(
    "sign",
    # Zero-width, bidi, word joiner, byte order mark, soft hyphen, a filler.
    [
        *("\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202a", "\u202c", "\u202e"),
        *("\u2060", "\u2066", "\u2069", "\ufeff", "\u00ad", "\u061c", "\u3164"),
    ],
)
def test_signs_that_nobody_sees_are_taken_out(sign):
    for text in (
        f"{sign}ada@example.org",
        f"ada@example.org{sign}",
        f"a{sign}da@exam{sign}ple.org",
    ):
        assert usable_address(text) == "ada@example.org"
    assert clean_name(f"{sign}Ada{sign}  Jansen{sign}") == "Ada Jansen"


@pytest.mark.parametrize("blank", ["\u00a0", "\u2009", "\u3000", "\t", "\r\n"])
def test_other_blanks_are_blanks(blank):
    assert usable_address(f"{blank}ada@example.org{blank}") == "ada@example.org"
    assert usable_address(f"a{blank}da@example.org") is None
    assert clean_name(f"Ada{blank}Jansen") == "Ada Jansen"


def test_names_keep_what_they_need():
    assert clean_name("👩\u200d💻 Ünal-O\u2019Neil") == "👩\u200d💻 Ünal-O\u2019Neil"
    assert clean_name("می\u200cخواهم") == "می\u200cخواهم"
    assert clean_name("محمد\u202e") == "محمد"
    assert clean_name("\u200d\u200b") == ""
    assert clean_name("a\x00b\ud800") == "ab"


def test_addresses_are_composed():
    assert usable_address("ju\u0308rgen@bu\u0308cher.example") == "jürgen@bücher.example"


@pytest.mark.parametrize(
    ("domain", "plain"),
    [
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        # IDNA 2008: the older form made another domain of it ("strasse").
        ("straße.example", "xn--strae-oqa.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("Example.ORG", "Example.ORG"),
        ("bad_ü.example", None),
    ],
)
def test_domains_in_ascii(domain, plain):
    assert ascii_domain(domain) == plain
    if plain:
        assert on_the_wire(f"ada@{domain}") == f"ada@{plain}"


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("Ada@Example.ORG", "Ada@example.org"),
        ("ada@ｅxample.org", "ada@example.org"),
        ("ada@𝐞xample.ｏrg", "ada@example.org"),
        ("ada@xn--bcher-kva.example", "ada@bücher.example"),
        ("ada@BÜCHER.example", "ada@bücher.example"),
        ("ada@xn--99999.example", "ada@xn--99999.example"),
    ],
)
def test_one_domain_is_written_one_way(address, plain):
    assert usable_address(address) == address
    assert plain_address(address) == plain


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("no-reply@x.nl", False),
        ("noreply@x.nl", False),
        ("No_Reply@x.nl", False),
        ("do-not-reply@x.nl", False),
        ("donotreply@x.nl", False),
        ("noreply-jobs@x.nl", False),
        ("mailer-daemon@x.nl", False),
        ("bounces+123@x.nl", False),
        ("recruiting@x.nl", True),
        ("nora@x.nl", True),
        ("reply@x.nl", True),
        ("norbert.replyson@x.nl", True),
    ],
)
def test_whether_somebody_reads_it(address, read):
    assert is_read(address) is read
