"""Backups that are not as we write them, and what a restore must make of them."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from flask import Flask
from sqlalchemy import func, select

from eqsr.core.db import db
from tests.ops.backups import rows, run

Members = dict[str, bytes]

# Values that a JSON field may have, and none of ours does, or hardly any.
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    10**400,
    1.5,
    1e308,
    "",
    "x",
    "x\0y",
    "\ud800",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "2026-05-04",
    "z" * 5000,
    [],
    ["x"],
    {},
    {"x": 1},
)
FILE_NAMES = (
    "../x",
    "a/../../x",
    "/x",
    "",
    ".",
    "..",
    "redis/x",
    "./redis/x",
    "secret_key",
    "encryption_key.old",
    "eqsr.sqlite3",
    "deep/eqsr.sqlite3-wal",
    "a\0b",
    "\ud800",
    "x" * 300,
    "/".join("y" * 200 for _ in range(30)),
)


class Restoring:
    """Restores one file after the other into an empty installation."""

    def __init__(self, app: Flask, folder: Path, data: Path, empty: Callable[[], object]) -> None:
        self.app, self.folder, self.data, self._empty = app, folder, data, empty
        self.before = rows(app)
        with ZipFile(folder / "b.zip") as archive:
            self.members: Members = {one: archive.read(one) for one in archive.namelist()}
        self.whole = (folder / "b.zip").read_bytes()
        self.tables = json.loads(self.members["manifest.json"])["tables"]
        self._around = set(data.parent.iterdir()), set(data.rglob("*"))
        self.start_anew()

    def start_anew(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self._empty()

    def refuses(self, what: str, content: Members | bytes) -> str:
        """Restore; it must be refused. Returns the sentence."""
        sentence = self.takes(what, content)
        assert sentence is not None, f"restored: {what}"
        return sentence

    def takes(self, what: str, content: Members | bytes) -> str | None:
        """Restore; return the sentence that refuses it, None if everything was restored.

        Either way the installation is empty afterwards.
        """
        path = self.folder / "malformed.zip"
        path.write_bytes(content) if isinstance(content, bytes) else pack(path, content)
        done = run(self.app, "restore", path)
        if done.exit_code == 0:
            rows(self.app)  # every value can be read
            for new in sorted(set(self.data.rglob("*")) - self._around[1], reverse=True):
                new.unlink() if new.is_file() else new.rmdir()
            self.start_anew()
            return None
        about = (what, done.exit_code, done.output, done.exception)
        assert done.exit_code == 1 and isinstance(done.exception, SystemExit), about
        assert len(done.stderr.splitlines()) == 1 and done.stdout == "", about
        assert self._nothing_is_there(), about
        return str(done.stderr)

    def _nothing_is_there(self) -> bool:
        with self.app.app_context():
            tables = db.metadata.sorted_tables
            found = [db.session.scalar(select(func.count()).select_from(one)) for one in tables]
            db.session.remove()
        around = set(self.data.parent.iterdir()), set(self.data.rglob("*"))
        return not any(found) and around == self._around


def pack(path: Path, members: Members) -> None:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def with_manifest(members: Members, change: Callable[[Any], object]) -> Members:
    """``change`` changes the manifest that it gets."""
    manifest = json.loads(members["manifest.json"])
    change(manifest)
    return members | {"manifest.json": json.dumps(manifest).encode()}


def with_table(members: Members, table: str, content: bytes) -> Members:
    """Other content of a table, of which the manifest knows."""
    held = {"sha256": hashlib.sha256(content).hexdigest(), "rows": content.count(b"\n")}
    changed = members | {f"tables/{table}.jsonl": content}
    return with_manifest(changed, lambda manifest: manifest["tables"].update({table: held}))


def with_row(members: Members, table: str, change: Callable[[Any], object]) -> Members:
    """``change`` changes the table's first row."""
    row = json.loads(members[f"tables/{table}.jsonl"].partition(b"\n")[0])
    change(row)
    return with_first_line(members, table, row)


def with_first_line(members: Members, table: str, value: Any) -> Members:
    """Another first line of a table."""
    rest = members[f"tables/{table}.jsonl"].partition(b"\n")[2]
    return with_table(members, table, json.dumps(value).encode() + b"\n" + rest)


def with_file(members: Members, name: str) -> Members:
    """One more file, named like this."""
    content = b"kept"
    digest = hashlib.sha256(content).hexdigest()
    changed = with_manifest(members, lambda manifest: manifest["files"].update({name: digest}))
    try:
        name.encode()
    except UnicodeEncodeError:
        return changed
    return changed | {f"files/{name}": content}
