"""Each mutation of `make mutate` fits the code: change its entry along with the line."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from tools.mutate.mutations import ROOT, Mutation, mutations


@pytest.mark.parametrize("mutation", mutations(), ids=lambda one: one.decides)
def test_it_stands_in_the_file_once_and_names_tests(mutation):
    assert mutation.fits(), f"{mutation.old!r} stands not once in {mutation.file}"
    assert mutation.new != mutation.old
    broken = (ROOT / mutation.file).read_text().replace(mutation.old, mutation.new)
    ast.parse(broken)  # else its tests would not even start
    assert mutation.tests
    assert all((ROOT / test).exists() for test in mutation.tests)


def test_there_are_enough_and_none_is_there_twice():
    found = mutations()
    assert len(found) >= 40
    assert Counter(one.decides for one in found).most_common(1)[0][1] == 1


def test_breaking_and_mending(tmp_path: Path):
    (tmp_path / "a.py").write_text("x = 1\ny = 2\n")
    mutation = Mutation("y is two", "a.py", "y = 2", "y = 3", ())
    assert mutation.fits(tmp_path)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "a.py").write_text((tmp_path / "a.py").read_text())
    mutation.apply(tmp_path / "broken")
    assert (tmp_path / "broken" / "a.py").read_text() == "x = 1\ny = 3\n"
    mutation.undo(tmp_path / "broken", tmp_path)
    assert (tmp_path / "broken" / "a.py").read_text() == "x = 1\ny = 2\n"
