"""Which files may be a logo."""

import struct
import zlib

import pytest

from eqsr.core.messages import UserError
from eqsr.organisations.logo import checked
from tests.organisations.pictures import SIGNATURE, chunk, png


def test_a_picture_is_kept_without_what_it_tells_beside():
    secret = chunk(b"tEXt", b"Author\x00somebody") + chunk(b"eXIf", b"GPS")
    assert checked(png(extra=secret)) == png()


def interlaced() -> bytes:
    """Nine by nine grey pixels would be too small; 17 by 16, in seven passes."""
    passes = ((3, 2), (2, 2), (5, 2), (4, 4), (9, 4), (8, 8), (17, 8))
    raw = b"".join((b"\x00" + b"\x80" * columns) * rows for columns, rows in passes)
    header = struct.pack(">IIBBBBB", 17, 16, 8, 0, 0, 0, 1)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw))
    return SIGNATURE + data + chunk(b"IEND", b"")


def test_an_interlaced_picture_is_one_too():
    assert checked(interlaced()) == interlaced()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Choose a picture"),
        (b"\xff\xd8\xff\xe0 a photo", "not a PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PNG"),
        (png(8, 8), "between 16 and 1200"),
        (png(1201, 16), "between 16 and 1200"),
        (png() + b" " * 100_000, "larger than 100 kB"),
        (png() + b"<script>alert(1)</script>", "damaged"),
        (png()[:-5], "damaged"),
        (png()[:-20] + png()[-19:], "damaged"),
        (png(raw=b"\x00" * 10), "damaged"),
        (png(raw=b"\x00" * 10_000_000), "damaged"),
        (SIGNATURE, "damaged"),
        (SIGNATURE + chunk(b"IEND", b""), "damaged"),
        (png().replace(b"IHDR", b"IHDX"), "damaged"),
    ],
    ids=range(14),
)
def test_anything_else_is_refused_in_plain_words(data, sentence):
    with pytest.raises(UserError) as refused:
        checked(data)
    assert sentence in refused.value.sentence
