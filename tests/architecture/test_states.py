"""docs/states.md has a row for every state, and every test that it names exists."""

import ast
import re

import pytest

from eqsr.connections.models import ConnectionState
from eqsr.invitations.models import InvitationState
from eqsr.jobs.models import JobState
from eqsr.mail.models import MailState
from eqsr.outbox.models import WorkState
from eqsr.results.models import WriteBackState
from tests.architecture.layout import ROOT

pytestmark = pytest.mark.one_database

DOCUMENT = (ROOT / "docs/states.md").read_text()
ENUMS = {
    "Invitation": InvitationState,
    "Write-back": WriteBackState,
    "Connection": ConnectionState,
    "Work": WorkState,
    "Mail": MailState,
    "Job": JobState,
}
# Nouns whose state is told by times, as there is no enum.
BY_TIMES = (
    "Sitting",
    "Onboarding link",
    "Team invitation",
    "Sign-up",
    "Shared profile",
    "Candidate's request",
    "Platform event",
    "Sweep",
)
ROW = re.compile(r"^\| `([^`]+)` \| (.+) \| `(tests/[^`]+)` \|$", re.MULTILINE)


def rows(noun: str) -> list[tuple[str, str, str]]:
    """Return (state, what ends it, test) of the noun's table."""
    section = DOCUMENT.split(f"\n## {noun}\n", 1)[1].split("\n## ")[0]
    return ROW.findall(section)


@pytest.mark.parametrize("noun", ENUMS)
def test_every_state_has_a_row_and_every_row_a_state(noun):
    assert [state for state, _end, _test in rows(noun)] == [one.value for one in ENUMS[noun]]


def test_every_enum_of_states_is_in_the_document():
    declared = {
        node.name
        for path in (ROOT / "eqsr").rglob("models.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and node.name.endswith("State")
    }
    assert declared == {enum.__name__ for enum in ENUMS.values()}


def test_every_other_noun_has_its_table():
    assert all(rows(noun) for noun in BY_TIMES)


def test_every_test_that_is_named_exists():
    for noun in (*ENUMS, *BY_TIMES):
        for state, _end, test in rows(noun):
            file, name = test.split("::")
            assert f"\ndef {name}(" in (ROOT / file).read_text(), (noun, state, test)
