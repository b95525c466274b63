"""PNG files, made by hand."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body), name) + body + struct.pack(">I", zlib.crc32(name + body))


def png(
    width: int = 64, height: int = 32, *, extra: bytes = b"", raw: bytes | None = None
) -> bytes:
    """A blue picture; ``extra`` chunks stand before its data; ``raw`` takes the place of that."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\x00" + b"\x20\x40\xc0" * width) * height
    data = zlib.compress(rows if raw is None else raw)
    return SIGNATURE + chunk(b"IHDR", header) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")
