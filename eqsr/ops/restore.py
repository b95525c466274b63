"""Restore a backup into an empty installation; email then waits for an operator.

Everything is loaded and checked in one transaction, so a restore that fails leaves nothing behind.
"""

import hashlib
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import JSON, Connection, Table, bindparam, func, insert, inspect, select, text
from sqlalchemy.exc import DataError, IntegrityError

from eqsr.core.db import db, end_read, transaction
from eqsr.core.encryption import DecryptionError
from eqsr.core.extensions import settings, vault
from eqsr.core.messages import UserError
from eqsr.core.version import VERSION
from eqsr.mail import restore_pause
from eqsr.ops import backup_reading
from eqsr.ops.backup import CHUNK, KEYS, REDIS
from eqsr.ops.backup_format import Manifest, key_matches, table_member
from eqsr.ops.rekeying import encrypted_columns

# Any number that nothing else in this database uses: two restores run one after the other.
_RESTORE_LOCK = 4_071_993


@dataclass(frozen=True)
class Restored:
    """What was restored. ``same_secret_key``: else links in emails that were sent are dead.

    ``unreadable``: number of stored secrets that none of ENCRYPTION_KEYS opens.
    """

    manifest: Manifest
    same_secret_key: bool
    unreadable: int

    @property
    def rows(self) -> int:
        """Number of restored rows."""
        return sum(table["rows"] for table in self.manifest.tables.values())


def restore(source: Path) -> Restored:
    """Restore the backup in ``source``. Raises UserError, which says why, and changes nothing then.

    Makes the tables first where there are none.
    """
    with backup_reading.opened(source) as archive:
        manifest = backup_reading.manifest_of(archive, source)
        _refuse_other_schema(manifest)
        _refuse_existing(_filled_table(), manifest)
        _refuse_damage(archive, manifest)
        check = manifest.key_check
        same_secret_key = any(key_matches(key, check) for key in settings.secret_keys)
        upgrade()
        end_read()
        _load(archive, manifest)
    return Restored(manifest, same_secret_key, _unreadable_secrets())


def _refuse_other_schema(manifest: Manifest) -> None:
    ours = ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()
    if manifest.revision != ours:
        raise UserError(
            f"The backup was made by version {manifest.version} with schema {manifest.revision}, "
            f"and this is version {VERSION} with schema {ours}: restore it with version "
            f"{manifest.version}, and then upgrade."
        )


def _filled_table() -> str | None:
    """The name of a table that holds something, whatever schema it has."""
    with db.engine.connect() as connection:
        for name in inspect(connection).get_table_names():
            quoted = connection.dialect.identifier_preparer.quote(name)
            found = connection.execute(text(f"SELECT 1 FROM {quoted} LIMIT 1"))  # noqa: S608
            if name != "alembic_version" and found.first():
                return str(name)
    return None


def _refuse_existing(table: str | None, manifest: Manifest) -> None:
    if table is not None:
        raise UserError(
            f"The database is not empty (there is something in {table}): restore into a new one."
        )
    for name in manifest.files:
        if _place_of(name).exists():
            raise UserError(f"{_place_of(name)} exists already: restore into an empty DATA_DIR.")


def _place_of(name: str) -> Path:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise UserError("The backup names a file outside of DATA_DIR, so it is none of ours.")
    kept_apart = path.parts[0] == REDIS or path.parts[0].startswith(KEYS)
    if kept_apart or ".sqlite3" in path.name or "\0" in name:
        raise UserError("The backup names a file that no backup holds, so it is none of ours.")
    return settings.data_dir / path


def _refuse_damage(archive: ZipFile, manifest: Manifest) -> None:
    """Compare everything with the manifest before anything is changed."""
    if manifest.tables.keys() != db.metadata.tables.keys():
        raise UserError("The backup is damaged: its manifest names other tables than its schema.")
    expected = {f"files/{name}": digest for name, digest in manifest.files.items()}
    for table in db.metadata.sorted_tables:
        expected[table_member(table.name)] = manifest.tables[table.name]["sha256"]
    for name, digest in expected.items():
        if _digest(archive, name) != digest:
            raise UserError(f"The backup is damaged: {name} is not what its manifest says.")


def _digest(archive: ZipFile, name: str) -> str | None:
    """The SHA-256 of a member; None if it is missing."""
    member = backup_reading.member(archive, name)
    if member is None:
        return None
    with member:
        return hashlib.file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type]


def _load(archive: ZipFile, manifest: Manifest) -> None:
    placed: list[Path] = []
    try:
        with transaction() as session:
            connection = session.connection()
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_RESTORE_LOCK})"))
            for table in db.metadata.sorted_tables:
                if connection.scalar(select(func.count()).select_from(table)):
                    _refuse_existing(table.name, manifest)
                _load_table(archive, connection, table, manifest.tables[table.name]["rows"])
            # In the same transaction, so that no worker sends anything in between.
            restore_pause.hold(datetime.fromisoformat(manifest.made_at))
            _place_files(archive, manifest, placed)
    except BaseException:
        for path in reversed(placed):
            path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
        raise


def _load_table(archive: ZipFile, connection: Connection, table: Table, number: int) -> None:
    # SQLAlchemy would store a missing JSON value as null instead of NULL.
    json_values = {
        column.name: bindparam(column.name, type_=JSON(none_as_null=True))
        for column in table.columns
        if isinstance(column.type, JSON)
    }
    statement = insert(table).values(json_values)
    for rows in backup_reading.batches(archive, table):
        number -= len(rows)
        try:
            connection.execute(statement, rows)
        except (IntegrityError, DataError, RecursionError):
            raise backup_reading.no_row_of(table) from None
    if number:
        raise UserError(f"The backup is damaged: {table.name} has not as many rows as it says.")


def _place_files(archive: ZipFile, manifest: Manifest, placed: list[Path]) -> None:
    """Write DATA_DIR's files; ``placed`` gets what was made, folders too, so that it can go."""
    for name in manifest.files:
        path, member = _place_of(name), backup_reading.member(archive, f"files/{name}")
        _make_folder(path.parent, placed)
        if member is None:
            raise LookupError(f"{name} was there a moment ago")
        with member, open(path, "xb", opener=_private) as file:
            placed.append(path)
            shutil.copyfileobj(member, file, CHUNK)


def _make_folder(path: Path, placed: list[Path]) -> None:
    if not path.exists():
        _make_folder(path.parent, placed)
        path.mkdir()
        placed.append(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _unreadable_secrets() -> int:
    number = 0
    for _table, column in encrypted_columns():
        for secret in db.session.scalars(select(column).where(column.is_not(None))):
            try:
                vault.decrypt(secret)
            except DecryptionError:
                number += 1
    db.session.rollback()
    return number
