"""A backup that is made while everything runs, and an empty installation that carries on with it.

With mails and reminders: tests/ops/test_restored_mail.py. What is refused:
tests/ops/test_restore_refuses.py.
"""

import json
import re
import stat
import threading
import tracemalloc
import zipfile
from contextlib import closing

import pytest
from sqlalchemy import func, insert, select

from eqsr.accounts.models import Organisation, Role, User
from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.db import db, transaction
from eqsr.core.version import VERSION
from eqsr.outbox.models import Work
from tests.ops.backups import rows, run
from tests.organisations.pictures import png


def test_an_empty_installation_gets_every_row_of_either_database(
    lived, elsewhere, tmp_path, make_database
):
    app, other = lived.world.app, elsewhere()
    before = rows(app)
    assert len(before["invitation"]) == 1 and len(before["activity"]) > 1
    done = run(app, "backup", tmp_path / "one.zip")
    assert done.exit_code == 0, done.output
    assert re.fullmatch(r"\d+ rows and 0 files, schema \S+\.\n", done.stdout)
    restored = run(other, "restore", tmp_path / "one.zip")
    assert restored.exit_code == 0, restored.output
    assert restored.stdout.split(" and ")[0] == done.stdout.split(" and ")[0]
    assert rows(other) == before
    assert "SECRET_KEY" not in restored.stderr and "ENCRYPTION_KEYS" not in restored.stderr
    # And back again: on PostgreSQL, from one database to the other and back.
    assert run(other, "backup", tmp_path / "two.zip").exit_code == 0
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    make_database()
    again = run(app, "restore", tmp_path / "two.zip")
    assert again.exit_code == 0, again.output
    assert rows(app) == before


@pytest.mark.one_database
def test_keys_and_secrets_are_not_in_it(lived, tmp_path, settings):
    data = settings.data_dir
    (data / "secret_key").write_text("key-of-the-folder")
    (data / "encryption_key").write_text("key-of-the-folder")
    (data / "redis").mkdir(exist_ok=True)
    (data / "redis" / "dump.rdb").write_text("key-of-the-folder")
    (data / "pictures").mkdir()
    (data / "pictures" / "logo.png").write_bytes(png(16, 16))
    try:
        assert run(lived.world.app, "backup", data / "first.zip").exit_code == 0
        done = run(lived.world.app, "backup", tmp_path / "b.zip")
        assert "1 files" in done.stdout, "the earlier backup in the folder is not part of the next"
    finally:
        for name in ("secret_key", "encryption_key", "redis/dump.rdb", "first.zip"):
            (data / name).unlink()
        (data / "pictures" / "logo.png").unlink()
        (data / "pictures").rmdir()
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
        manifest = json.loads(archive.read("manifest.json"))
        assert archive.read("files/pictures/logo.png") == png(16, 16)
    vault = lived.world.app.extensions["eqsr.vault"]
    with lived.world.app.app_context():
        secret = db.session.scalar(select(Connection.encrypted_client_secret))
    assert secret.encode() in whole and vault.decrypt(secret).encode() not in whole
    for key in (settings.secret_key, *settings.encryption_keys, "key-of-the-folder"):
        assert key.encode() not in whole
    assert manifest["version"] == VERSION
    assert manifest["tables"]["invitation"]["rows"] == 1
    assert re.fullmatch(r"[0-9a-f]{64}", manifest["tables"]["invitation"]["sha256"])


@pytest.mark.one_database
def test_files_come_back_and_nothing_is_overwritten(lived, elsewhere, tmp_path, settings):
    notes = settings.data_dir / "notes"
    notes.mkdir()
    (notes / "a.txt").write_text("kept")
    try:
        assert run(lived.world.app, "backup", tmp_path / "b.zip").exit_code == 0
    finally:
        (notes / "a.txt").unlink()
        notes.rmdir()
    assert "exists already" in run(lived.world.app, "backup", tmp_path / "b.zip").stderr
    assert "no folder" in run(lived.world.app, "backup", tmp_path / "no" / "b.zip").stderr
    other = elsewhere()
    there = other.extensions["eqsr.settings"].data_dir / "notes" / "a.txt"
    there.parent.mkdir()
    there.write_text("mine")
    refused = run(other, "restore", tmp_path / "b.zip")
    assert refused.exit_code == 1 and "empty DATA_DIR" in refused.stderr
    there.unlink()
    assert run(other, "restore", tmp_path / "b.zip").exit_code == 0
    assert there.read_text() == "kept"


def test_it_is_one_moment_while_others_write(world, tmp_path):
    """Each transaction adds an organisation and its user: no backup has one without the other."""
    app, stop, made = world.app, threading.Event(), []

    def writer() -> None:
        while not stop.is_set():
            with app.app_context(), transaction() as session:
                one = Organisation(name="Busy", slug=f"busy-{new_id()}")
                session.add(one)
                session.flush()
                session.add(
                    User(
                        email=f"{one.id}@busy.example",
                        name="Busy",
                        organisation_id=one.id,
                        role=Role.ADMIN,
                        password_hash="x",
                    )
                )
            made.append(one.id)

    thread = threading.Thread(target=writer)
    thread.start()
    try:
        seen = []
        for number in range(5):
            path = tmp_path / f"{number}.zip"
            before = len(made)
            assert run(app, "backup", path).exit_code == 0
            with zipfile.ZipFile(path) as archive:
                tables = json.loads(archive.read("manifest.json"))["tables"]
            seen.append(tables["organisation"]["rows"] - 3)
            assert tables["user_account"]["rows"] - 5 == seen[-1] >= before
    finally:
        stop.set()
        thread.join()
    assert seen[-1] > seen[0], "the writer went on all the while"


@pytest.mark.one_database
def test_memory_does_not_grow_with_the_database(world, elsewhere, tmp_path):
    number, text = 20_000, "x" * 1000
    with world.app.app_context(), transaction() as session:
        moment = now()
        session.execute(
            insert(Work),
            [
                {
                    "kind": "none",
                    "subject_id": new_id(),
                    "due_at": moment,
                    "created_at": moment,
                    "last_error": text,
                }
                for _ in range(number)
            ],
        )
    other = elsewhere()
    path = tmp_path / "b.zip"
    run(world.app, "version"), run(other, "version")
    for app, command in ((world.app, "backup"), (other, "restore")):
        tracemalloc.start()
        done = run(app, command, path)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert done.exit_code == 0, done.output
        assert peak < 12 << 20, f"{command} held {peak >> 20} MB of {number * 1000 >> 20} MB"
    with other.app_context(), closing(db.session):
        assert db.session.scalar(select(func.count()).select_from(Work)) == number


@pytest.mark.one_database
def test_the_version_is_told(app, client):
    assert run(app, "version").stdout == f"{VERSION}\n"
    assert client.get("/healthz").json == {"status": "ok", "version": VERSION}
