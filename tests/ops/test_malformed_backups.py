"""Every malformed backup ends with one sentence and exit code 1, and leaves nothing behind.

A run chooses some of countless cases. The seed is printed; FUZZ_SEED plays the same ones again.
"""

import json
import os
import random
import struct

import pytest

from eqsr.core.columns import new_id
from tests.ops.backups import run
from tests.ops.malformed import (
    FILE_NAMES,
    ODD,
    Restoring,
    with_file,
    with_first_line,
    with_manifest,
    with_row,
    with_table,
)


@pytest.fixture
def chance():
    seed = int(os.environ.get("FUZZ_SEED") or random.SystemRandom().randrange(2**32))
    print(f"FUZZ_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def restoring(lived, tmp_path, make_database, settings):
    """An empty installation, and a backup with rows in many tables and a file."""
    app, data = lived.world.app, settings.data_dir
    (data / "notes").mkdir()
    (data / "notes" / "a.txt").write_text("kept")
    assert run(app, "backup", tmp_path / "b.zip").exit_code == 0
    (data / "notes" / "a.txt").unlink()
    (data / "notes").rmdir()
    return Restoring(app, tmp_path, data, make_database)


@pytest.mark.one_database
def test_as_it_was_written_it_is_restored(restoring):
    assert restoring.takes("nothing changed", restoring.members) is None
    assert restoring.takes("nothing changed", restoring.whole) is None


@pytest.mark.one_database
def test_cut_anywhere(restoring, chance):
    whole = restoring.whole
    starts = [at for at in range(len(whole)) if whole[at : at + 4] == b"PK\3\4"]
    assert len(starts) == len(restoring.members)
    ends = [*starts[1:], len(whole) - 1]
    middles = [(one + end) // 2 for one, end in zip(starts, ends, strict=True)]
    anywhere = [chance.randrange(len(whole)) for _ in range(20)]
    for at in (0, 1, 21, 22, *starts[1:], *middles, *anywhere):
        restoring.refuses(f"cut at {at}", whole[:at])


@pytest.mark.one_database
def test_bytes_flipped(restoring, chance):
    """A flipped bit of a date in the directory changes nothing, so it may be restored."""
    for _ in range(60):
        flipped = bytearray(restoring.whole)
        places = [chance.randrange(len(flipped)) for _ in range(chance.choice((1, 1, 3)))]
        for at in places:
            flipped[at] ^= 1 << chance.randrange(8)
        restoring.takes(f"flipped at {places}", bytes(flipped))


@pytest.mark.one_database
def test_no_zip_file_of_ours(restoring, chance):
    for content in (b"", b"PK", b"eqsr-backup.txt", chance.randbytes(3000), b"PK\5\6" + bytes(18)):
        restoring.refuses("no zip file", content)
    restoring.refuses("no members", {})
    restoring.refuses("only a note", {"eqsr-backup.txt": b""})


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("field", "value"),
    # Of an entry of the directory: version needed, flags, method, sizes, offset.
    [(6, 0xFFFF), (8, 0x1), (8, 0x20), (8, 0x40), (10, 12), (10, 14), (10, 99)]
    + [(20, 0xFFFFFFFF), (24, 0xFFFFFFFF), (42, 0xFFFFFFF0)],
)
def test_a_directory_that_says_what_ours_never_does(restoring, field, value):
    kind = "<I" if field >= 20 else "<H"
    for which in (0, len(restoring.members) // 2, -1):
        changed = bytearray(restoring.whole)
        entries = [at for at in range(len(changed)) if changed[at : at + 4] == b"PK\1\2"]
        struct.pack_into(kind, changed, entries[which] + field, value)
        restoring.takes(f"entry {which}: {field} is {value}", bytes(changed))


@pytest.mark.one_database
def test_members_missing_or_swapped(restoring, chance):
    names = list(restoring.members)
    for name in names:
        left = {one: content for one, content in restoring.members.items() if one != name}
        restoring.refuses(f"without {name}", left)
    for name in chance.sample(names[1:], 12):
        restoring.refuses(f"junk in {name}", restoring.members | {name: chance.randbytes(40)})


@pytest.mark.one_database
def test_a_manifest_with_other_values(restoring, chance):
    members = restoring.members
    keys = json.loads(members["manifest.json"]).keys()
    for odd in ODD:
        text = json.dumps(odd).encode()
        restoring.refuses(f"manifest is {odd!r:.30}", members | {"manifest.json": text})
    cases = [(key, odd) for key in keys for odd in ODD if (key, odd) != ("files", {})]
    for key, odd in cases:
        changed = with_manifest(members, lambda m, k=key, v=odd: m.update({k: v}))
        try_it = restoring.takes if key == "version" else restoring.refuses  # it may be any word
        try_it(f"{key} is {odd!r:.30}", changed)
    for key in keys:
        restoring.takes(f"no {key}", with_manifest(members, lambda m, k=key: m.pop(k)))
    restoring.refuses("one more", with_manifest(members, lambda m: m.update(more=1)))
    for _ in range(30):
        table, key = chance.choice(list(restoring.tables)), chance.choice(("rows", "sha256"))
        odd = chance.choice(ODD)
        if key == "rows" and odd == restoring.tables[table]["rows"]:
            continue
        changed = with_manifest(
            members, lambda m, t=table, k=key, v=odd: m["tables"][t].update({k: v})
        )
        restoring.refuses(f"{key} of {table} is {odd!r:.30}", changed)
    for odd in ODD:
        table = chance.choice(list(restoring.tables))
        changed = with_manifest(members, lambda m, t=table, v=odd: m["tables"].update({t: v}))
        restoring.refuses(f"{table} is {odd!r:.30}", changed)


@pytest.mark.one_database
def test_a_manifest_that_is_no_json_or_endless(restoring):
    deep = b"[" * 200_000
    for content in (b"", b"\xff\xfe", b"{", b"NaN", deep, b"9" * 5000):
        restoring.refuses("no manifest", restoring.members | {"manifest.json": content})
    endless = restoring.members["manifest.json"] + b" " * (64 << 20)
    done = restoring.refuses("endless", restoring.members | {"manifest.json": endless})
    assert "no backup that this version can read" in done


@pytest.mark.one_database
def test_other_versions(restoring):
    def said(**facts) -> str:
        return restoring.refuses(
            str(facts), with_manifest(restoring.members, lambda m: m.update(facts))
        )

    for revision in ("0001", "0999"):
        sentence = said(version="7.1.0", revision=revision)
        assert "version 7.1.0" in sentence and revision in sentence
    assert "can read" in said(format=2)
    for version in ("1\n2", "1 2", "<b>", "x" * 100):
        assert "can read" in said(version=version)


@pytest.mark.one_database
@pytest.mark.parametrize("name", FILE_NAMES)
def test_files_go_nowhere_else(restoring, name):
    restoring.refuses(f"a file {name!r:.30}", with_file(restoring.members, name))


@pytest.mark.one_database
def test_a_file_that_another_one_stands_in_the_way_of(restoring):
    inside = with_file(with_file(restoring.members, "thing"), "thing/below")
    restoring.refuses("a file below a file", inside)
    twice = with_file(with_file(restoring.members, "thing"), "./thing")
    restoring.refuses("a file twice", twice)


def test_rows_with_other_values(restoring, chance):
    """What the database may hold as well is restored, and can be read then."""
    members = restoring.members
    filled = [table for table, held in restoring.tables.items() if held["rows"]]
    assert len(filled) > 10
    for _ in range(30):
        table, odd = chance.choice(filled), chance.choice(ODD)
        column = chance.choice(list(json.loads(members[f"tables/{table}.jsonl"].split(b"\n")[0])))
        changed = with_row(members, table, lambda row, c=column, v=odd: row.update({c: v}))
        restoring.takes(f"{table}.{column} is {odd!r:.30}", changed)
    for odd in ODD:
        table = chance.choice(filled)
        changed = with_first_line(members, table, odd)
        restoring.refuses(f"a row of {table} is {odd!r:.30}", changed)


def test_rows_that_do_not_fit(restoring):
    members = restoring.members
    jobs = members["tables/job.jsonl"]
    restoring.refuses("twice", with_table(members, "job", jobs + jobs))
    restoring.refuses("a column more", with_row(members, "job", lambda row: row.update(more=1)))
    restoring.refuses(
        "a column less", with_row(members, "job", lambda row: row.pop("title") and None)
    )
    restoring.refuses("an empty line", with_table(members, "job", b"\n" + jobs))
    restoring.refuses("not ended", with_table(members, "job", jobs.rstrip()[:-1]))
    restoring.refuses("none", with_table(members, "organisation", b""))
    stranger = str(new_id())
    changed = with_row(members, "job", lambda row: row.update(organisation_id=stranger))
    restoring.refuses("of nobody", changed)
    more = with_manifest(members, lambda m: m["tables"]["job"].update(rows=2))
    assert "not as many rows" in restoring.refuses("a row more than there is", more)
    endless = b'{"id": "' + b"x" * (70 << 20) + b'"}\n'
    restoring.refuses("a row without an end", with_table(members, "answer", endless))
