import pytest

from eqsr.mail.addresses import usable_address


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
    assert usable_address(address) == address.strip()


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
