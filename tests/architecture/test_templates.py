"""Templates only present data: their lines are short, and they build no lists."""

from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path
    for folder in ("templates", "sandbox/templates")
    for path in (ROOT / folder).rglob("*")
    if path.is_file()
)
JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
# Exclusive limit of characters per line.
WIDTH = 140
CHANGES = {"append", "extend", "insert", "pop", "remove", "setdefault", "update"}


def changes_in(template: str) -> list[str]:
    """Return the calls that change a list or a dict, which is the view's job."""
    calls = JINJA.parse(template).find_all(nodes.Call)
    named = [call.node.attr for call in calls if isinstance(call.node, nodes.Getattr)]
    return [name for name in named if name in CHANGES]


def test_lines_are_short():
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) >= WIDTH
    ]
    assert long == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_template_builds_a_list(path):
    assert changes_in(path.read_text()) == []


def test_a_list_that_is_built_is_seen():
    assert changes_in("{% set _added = rows.append(1) %}{{ rows.index(1) }}") == ["append"]
