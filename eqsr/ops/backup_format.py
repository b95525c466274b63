"""What a backup file holds, and how rows are written in it.

A backup is a zip file: a note for people, ``tables/NAME.jsonl`` with a row per line, ``files/…``
from DATA_DIR, and at the end ``manifest.json``. The same file restores on SQLite and PostgreSQL.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Enum, Float, Integer, LargeBinary, String, Uuid

from eqsr.core.columns import UTCDateTime

FORMAT = 1
# The first member of the zip file, by which a backup is recognised.
NOTE = "eqsr-backup.txt"
MANIFEST = "manifest.json"

Row = dict[str, Any]


@dataclass
class Manifest:
    """What a backup holds. ``tables``: name -> rows and sha256; ``files``: path -> sha256.

    ``key_check`` tells whether SECRET_KEY is the same at the restore, without telling the key.
    """

    version: str
    revision: str
    made_at: str
    key_check: str
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def to_json(self) -> str:
        """The manifest as it is written into the file."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read a manifest.

        Raises ValueError, TypeError, KeyError, AttributeError, OverflowError or RecursionError for
        another format, and for values that no backup has.
        """
        facts = json.loads(text)
        if _whole(facts["format"]) != FORMAT:
            raise ValueError("another format")
        made = cls(**facts)
        for word in (made.version, made.revision):
            _require(re.fullmatch(r"[0-9A-Za-z.+_-]{1,64}", word))
        _moment(made.made_at)
        _require(re.fullmatch(r"[0-9a-f]{32}:[0-9a-f]{128}", made.key_check))
        for table, held in made.tables.items():
            _text(table), _text(held["sha256"])
            _require(_whole(held["rows"]) >= 0)
        for name, digest in made.files.items():
            _text(name), _text(digest)
        return made


def table_member(name: str) -> str:
    """The zip member that holds a table's rows."""
    return f"tables/{name}.jsonl"


def key_check(secret_key: str, salt: str = "") -> str:
    """A salted, slow hash of SECRET_KEY (scrypt, RFC 7914)."""
    salt = salt or secrets.token_hex(16)
    made = hashlib.scrypt(secret_key.encode(), salt=salt.encode(), n=2**14, r=8, p=1)
    return f"{salt}:{made.hex()}"


def key_matches(secret_key: str, check: str) -> bool:
    """True if ``check`` was made of this SECRET_KEY."""
    return hmac.compare_digest(key_check(secret_key, check.partition(":")[0]), check)


def encode(row: Row) -> bytes:
    """Write a row as one line of JSON. Raises TypeError for a kind of value that is not known."""
    return json.dumps(row, default=_encoded, ensure_ascii=False).encode() + b"\n"


def _encoded(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"a backup can't hold a {type(value).__name__}")


def decoder(column: Column[Any]) -> Callable[[Any], Any]:
    """The function that turns a column's values in the file into what the column takes.

    It raises ValueError, TypeError, AttributeError, OverflowError or RecursionError for a value
    that no such column has: SQLite would store it.
    """
    kind = column.type
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class
    return next(decode for known, decode in _DECODERS if isinstance(kind, known))


def _require(condition: object) -> None:
    if not condition:
        raise ValueError("no backup has this value")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    _require(moment.tzinfo is not None)
    return moment.astimezone(UTC)


def _text(value: Any) -> str:
    _require(isinstance(value, str))
    value.encode()  # raises UnicodeEncodeError, a ValueError, for half a character
    return str(value)


def _whole(value: Any) -> int:
    _require(isinstance(value, int) and not isinstance(value, bool))
    _require(-(2**63) <= value < 2**63)
    return int(value)


def _number(value: Any) -> float:
    _require(isinstance(value, int | float) and not isinstance(value, bool))
    return float(value)


def _boolean(value: Any) -> bool:
    _require(isinstance(value, bool))
    return bool(value)


def _binary(value: str) -> bytes:
    return base64.b64decode(value, validate=True)


def _json(text: str) -> Any:
    # Kept apart from NULL, which the file holds as null and not as "null".
    value = json.loads(text)
    return JSON.NULL if value is None else value


_DECODERS: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = (
    (UTCDateTime, _moment),
    (Uuid, uuid.UUID),
    (LargeBinary, _binary),
    (JSON, _json),
    (Boolean, _boolean),
    (Integer, _whole),
    (Float, _number),
    (String, _text),
)
