"""Write a backup of the database and of DATA_DIR's files while web and workers go on.

All tables are read in one snapshot, a few rows at a time. Keys are not part of it, and customers'
secrets stay encrypted.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, Column, ColumnElement, Connection, Table, Text, cast, select

from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.core.extensions import settings
from eqsr.core.messages import UserError
from eqsr.core.settings import Settings
from eqsr.core.version import VERSION
from eqsr.ops.backup_format import MANIFEST, NOTE, Manifest, encode, key_check, table_member

# Rows that are in memory at the same time.
BATCH = 500
CHUNK = 1 << 16

# Of DATA_DIR: keys are kept apart from backups, and Redis holds nothing that can't be made again.
KEYS = ("secret_key", "encryption_key")
REDIS = "redis"

_NOTE = (
    "A backup of eqsr. Restore it into an empty installation: flask --app app restore FILE\n"
    "SECRET_KEY and ENCRYPTION_KEYS are not in it.\n"
)


def back_up(target: Path) -> Manifest:
    """Write a backup to ``target``, readable by this account only; return what it holds.

    The file appears when it is complete. Raises UserError if there is a file already.
    """
    if target.exists():
        raise UserError(f"{target} exists already: choose another name.")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with open(unfinished, "xb", opener=_private) as file:
            manifest = _write(file)
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, a link never replaces what another backup wrote meanwhile.
        os.link(unfinished, target)
    except FileExistsError:
        raise UserError(f"{target} exists already: choose another name.") from None
    except FileNotFoundError:
        raise UserError(f"There is no folder {target.parent}.") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _write(file: BinaryIO) -> Manifest:
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=6) as archive, _snapshot() as connection:
        archive.writestr(NOTE, _NOTE)
        manifest = Manifest(
            version=VERSION,
            revision=_revision(connection),
            made_at=now().isoformat(),
            key_check=key_check(settings.secret_key),
        )
        for table in db.metadata.sorted_tables:
            manifest.tables[table.name] = _write_table(archive, connection, table)
        for path in data_files(settings):
            name = path.relative_to(settings.data_dir).as_posix()
            manifest.files[name] = _write_file(archive, path, name)
        archive.writestr(MANIFEST, manifest.to_json())
    return manifest


@contextmanager
def _snapshot() -> Iterator[Connection]:
    """A read transaction in which every statement sees the same moment, and which blocks nobody."""
    options: dict[str, Any] = {}
    if db.engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with db.engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def _revision(connection: Connection) -> str:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        raise UserError("There is nothing to back up: the database has no tables.")
    return revision


def _write_table(archive: ZipFile, connection: Connection, table: Table) -> dict[str, Any]:
    digest, rows = hashlib.sha256(), 0
    query = select(*map(_as_stored, table.columns)).order_by(*table.primary_key.columns)
    result = connection.execution_options(yield_per=BATCH).execute(query)
    with archive.open(table_member(table.name), "w", force_zip64=True) as member:
        for row in result.mappings():
            line = encode(dict(row))
            digest.update(line)
            member.write(line)
            rows += 1
    return {"rows": rows, "sha256": digest.hexdigest()}


def _as_stored(column: Column[Any]) -> ColumnElement[Any]:
    # As text, so that JSON's null stays apart from NULL.
    return cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column


def data_files(where: Settings) -> list[Path]:
    """The files of DATA_DIR that belong into a backup: not keys, Redis, databases or backups."""
    found = (path for path in sorted(where.data_dir.rglob("*")) if path.is_file())
    return [path for path in found if not path.is_symlink() and not _left_out(path, where)]


def _left_out(path: Path, where: Settings) -> bool:
    top = path.relative_to(where.data_dir).parts[0]
    if top == REDIS or top.startswith(KEYS) or ".sqlite3" in path.name:
        return True
    with path.open("rb") as file:
        return NOTE.encode() in file.read(128)


def _write_file(archive: ZipFile, path: Path, name: str) -> str:
    digest = hashlib.sha256()
    with (
        path.open("rb") as source,
        archive.open(f"files/{name}", "w", force_zip64=True) as member,
    ):
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            member.write(chunk)
    return digest.hexdigest()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
