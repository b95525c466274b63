"""What a backup file holds, and how rows are written in it.

A backup is a zip file: a note for people, ``tables/NAME.jsonl`` with a row per line, ``files/…``
from DATA_DIR, and at the end ``manifest.json``. The same file restores on SQLite and PostgreSQL.
"""

import base64
import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Enum, LargeBinary, Uuid

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
        """Read a manifest. Raises ValueError, TypeError or KeyError for another format."""
        facts = json.loads(text)
        if facts["format"] != FORMAT:
            raise ValueError("another format")
        return cls(**facts)


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
    """The function that turns a column's values in the file into what the column takes."""
    kind = column.type
    if isinstance(kind, UTCDateTime):
        return datetime.fromisoformat
    if isinstance(kind, Uuid):
        return uuid.UUID
    if isinstance(kind, LargeBinary):
        return base64.b64decode
    if isinstance(kind, JSON):
        return _json
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class
    return lambda value: value


def _json(text: str) -> Any:
    # Kept apart from NULL, which the file holds as null and not as "null".
    value = json.loads(text)
    return JSON.NULL if value is None else value
