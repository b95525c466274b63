"""A restore touches nothing that holds something, and takes no other schema, damage or key for
its own. Everything else that a file may hold: tests/ops/test_malformed_backups.py."""

import json
import re

import pytest
from cryptography.fernet import Fernet

from tests.ops.backups import changed, rows, run


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
