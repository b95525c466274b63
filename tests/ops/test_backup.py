"""A backup that is made while everything runs, and an empty installation that carries on with it.

The same tests with mails and reminders: tests/ops/test_restored_mail.py.
"""

import json
import re
import stat
import threading
import tracemalloc
import zipfile
from contextlib import closing

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import JSON, Text, cast, func, insert, select, update

from eqsr import create_app
from eqsr.accounts.models import Organisation, Role, User
from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.db import db, end_read, transaction
from eqsr.core.settings import from_environment
from eqsr.core.version import VERSION
from eqsr.jobs.models import Job
from eqsr.outbox.models import Work
from tests.conftest import environment
from tests.organisations.pictures import png


def rows(app) -> dict[str, list[tuple]]:
    """Every row of every table; JSON as text, so that null and NULL differ."""
    with app.app_context():
        found = {}
        for table in db.metadata.sorted_tables:
            columns = [cast(c, Text) if isinstance(c.type, JSON) else c for c in table.columns]
            query = select(*columns).order_by(*table.primary_key.columns)
            found[table.name] = [tuple(row) for row in db.session.execute(query)]
        end_read()
    for name in ("mail_pause",):  # the pause after a restore is new
        found.pop(name)
    return found


def run(app, *arguments: object):
    return app.test_cli_runner().invoke(args=[*map(str, arguments)])


@pytest.fixture
def elsewhere(tmp_path, redis, sandbox_process, app):
    """A second, empty installation on SQLite with the same keys; ``changes`` are its settings."""
    made = []

    def make(**changes: str):
        url = f"sqlite:///{tmp_path / f'elsewhere{len(made)}.sqlite3'}"
        given = environment(tmp_path / f"other{len(made)}", url, redis.url, sandbox_process, 8000)
        made.append(create_app(from_environment(given | changes)))
        return made[-1]

    yield make
    for one in made:
        with one.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def lived(story):
    """A story with a sent invitation, a logo, letters of all kinds, and JSON's null beside NULL."""
    story.moves(story.applies(firstName="Zoë 🦉", lastName="O'Neil\n--"))
    story.work()
    with story.world.app.app_context(), transaction() as session:
        northwind = session.get(Organisation, story.world.northwind)
        northwind.logo = png(16, 16)
        session.execute(update(Connection).values(scopes=JSON.NULL))
        session.execute(update(Job).values(mail_words=None))
    return story


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


@pytest.mark.one_database
def test_a_database_with_anything_in_it_is_left_alone(lived, elsewhere, tmp_path):
    assert run(lived.world.app, "backup", tmp_path / "b.zip").exit_code == 0
    before = rows(lived.world.app)
    refused = run(lived.world.app, "restore", tmp_path / "b.zip")
    assert refused.exit_code == 1 and "database is not empty" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert rows(lived.world.app) == before
    other = elsewhere()
    assert run(other, "restore", tmp_path / "b.zip").exit_code == 0
    assert "not empty" in run(other, "restore", tmp_path / "b.zip").stderr


def changed(tmp_path, name: str, change) -> object:
    """A copy of the backup with one member changed, or left out where ``change`` gives None."""
    target = tmp_path / f"changed-{new_id()}.zip"
    with (
        zipfile.ZipFile(tmp_path / "b.zip") as source,
        zipfile.ZipFile(target, "w") as copy,
    ):
        for one in source.namelist():
            content = source.read(one)
            content = change(content) if one == name else content
            if content is not None:
                copy.writestr(one, content)
    return target


@pytest.mark.one_database
def test_another_schema_and_damage_are_one_sentence_each(lived, elsewhere, tmp_path):
    assert run(lived.world.app, "backup", tmp_path / "b.zip").exit_code == 0
    other = elsewhere()

    def manifest(**facts):
        return changed(
            tmp_path,
            "manifest.json",
            lambda text: json.dumps(json.loads(text) | facts).encode(),
        )

    def refused(path, words: str) -> None:
        done = run(other, "restore", path)
        assert done.exit_code == 1 and words in done.stderr, done.output
        assert len(done.stderr.splitlines()) == 1

    refused(manifest(revision="0001", version="0.0.1"), "restore it with version 0.0.1, and then")
    refused(manifest(format=99), "no backup that this version can read")
    refused(tmp_path / "none.zip", "There is no file")
    cut = tmp_path / "cut.zip"
    cut.write_bytes((tmp_path / "b.zip").read_bytes()[:-300])
    refused(cut, "damaged, or no backup")
    refused(
        changed(tmp_path, "tables/job.jsonl", lambda text: text.replace(b"Developers", b"Others")),
        "damaged: tables/job",
    )
    refused(changed(tmp_path, "tables/answer.jsonl", lambda text: None), "damaged")
    refused(changed(tmp_path, "tables/score.jsonl", lambda text: b"{}\n"), "damaged")
    outside = changed(
        tmp_path,
        "manifest.json",
        lambda text: json.dumps(json.loads(text) | {"files": {"../x": "0"}}).encode(),
    )
    refused(outside, "outside of DATA_DIR")
    # Nothing of any of them stayed.
    assert run(other, "restore", tmp_path / "b.zip").exit_code == 0


@pytest.mark.one_database
def test_other_keys_are_said(lived, elsewhere, tmp_path):
    assert run(lived.world.app, "backup", tmp_path / "b.zip").exit_code == 0
    other = elsewhere(SECRET_KEY="x" * 40, ENCRYPTION_KEYS=Fernet.generate_key().decode())
    done = run(other, "restore", tmp_path / "b.zip")
    assert done.exit_code == 0
    assert "SECRET_KEY is another" in done.stderr
    assert re.search(r"None of ENCRYPTION_KEYS opens \d+ stored secrets", done.stderr)


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
