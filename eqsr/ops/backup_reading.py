"""Read a backup file that may be damaged, or made by anybody: its manifest, members and rows.

Whatever is wrong with it becomes a UserError of one sentence, in bounded memory.
"""

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from lzma import LZMAError
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile
from zlib import error as BadCompression

from sqlalchemy import Table

from eqsr.core.messages import UserError
from eqsr.ops.backup import BATCH
from eqsr.ops.backup_format import MANIFEST, NOTE, Manifest, Row, decoder, table_member

# The manifest names each table and file; a hundred thousand files make 15 MB.
LARGEST_MANIFEST = 32 << 20
# A logo is the largest value of a row, and is refused above a megabyte.
LONGEST_ROW = 64 << 20

# What zipfile raises for a file that is no zip file, or breaks off, or uses what we never use.
DAMAGE = (BadZipFile, BadCompression, LZMAError, EOFError, NotImplementedError, struct.error)
# And where it trusts a number or a name of the file.
MISLED = (*DAMAGE, ValueError, OverflowError, RuntimeError)
# What a value of the wrong kind makes of decoding it.
WRONG_KIND = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


@contextmanager
def opened(source: Path) -> Iterator[ZipFile]:
    """Open a backup. Raises UserError if it is no zip file or turns out to be damaged."""
    damaged = UserError(f"{source} is damaged, or no backup.")
    try:
        archive = ZipFile(source)
    except FileNotFoundError:
        raise UserError(f"There is no file {source}.") from None
    except MISLED:
        raise damaged from None
    with archive:
        try:
            yield archive
        except DAMAGE:
            raise damaged from None


def manifest_of(archive: ZipFile, source: Path) -> Manifest:
    """Return the manifest. Raises UserError if there is none of this format."""
    unknown = UserError(f"{source} is no backup that this version can read.")
    if NOTE not in archive.namelist():
        raise unknown
    text = _read(archive, MANIFEST, LARGEST_MANIFEST)
    if text is None:
        raise unknown
    try:
        return Manifest.from_json(text.decode())
    except WRONG_KIND:
        raise unknown from None


def member(archive: ZipFile, name: str) -> IO[bytes] | None:
    """Open a member; None if there is none. Raises UserError for one that can't be opened."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    try:
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise NotImplementedError
        return archive.open(info)
    except (*MISLED, OSError):
        raise _damaged(name) from None


def batches(archive: ZipFile, table: Table) -> Iterator[list[Row]]:
    """Yield a table's rows, a few at a time, as the database takes them.

    Raises UserError at a line that is no row of this table.
    """
    name = table_member(table.name)
    stream = member(archive, name)
    if stream is None:
        raise _damaged(name)
    decoders = {column.name: decoder(column) for column in table.columns}
    with stream:
        lines = iter(lambda: stream.readline(LONGEST_ROW), b"")
        while batch := list(islice(lines, BATCH)):
            try:
                rows = [_row(line, decoders) for line in batch]
            except WRONG_KIND:
                raise no_row_of(table) from None
            yield rows


def no_row_of(table: Table) -> UserError:
    """The error for a row that this version can't have written."""
    name = table_member(table.name)
    return UserError(f"The backup is damaged: {name} holds what is no row of that table.")


def _row(line: bytes, decoders: dict[str, Any]) -> Row:
    values = json.loads(line)
    if values.keys() != decoders.keys():
        raise ValueError("other columns")
    return {
        name: None if value is None else decoders[name](value) for name, value in values.items()
    }


def _read(archive: ZipFile, name: str, most: int) -> bytes | None:
    """A member's content; None if it is missing, or longer than ``most`` bytes."""
    stream = member(archive, name)
    if stream is None:
        return None
    with stream:
        content = stream.read(most + 1)
    return content if len(content) <= most else None


def _damaged(name: str) -> UserError:
    return UserError(f"The backup is damaged: {name} is not what its manifest says.")
