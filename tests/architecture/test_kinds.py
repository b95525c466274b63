"""Kinds of work and activity and actions of the audit are enum members, never bare strings."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from eqsr.activity.actions import AuditAction
from eqsr.activity.kinds import ActivityKind
from eqsr.activity.sentences import ACTIVITY_SENTENCES
from eqsr.outbox import handlers
from eqsr.outbox.kinds import WorkKind
from eqsr.teams.history import AUDIT_SENTENCES
from tests.architecture.layout import MODULES, ROOT, dotted, name, room_of

KINDS = {kind.value for kind in (*WorkKind, *ActivityKind)}
DECLARED_IN = ("outbox/kinds.py", "activity/kinds.py", "activity/actions.py")

# Words that are also kinds but have another meaning there.
OTHER_MEANING = {
    "connections/alerts.py": {"connection_trouble"},  # a template
    "core/db.py": {"connect"},  # an event of SQLAlchemy
    "instruments/tasks/checking.py": {"scored"},  # a key of a trial
    "ops/work_commands.py": {"rescore"},  # a command
    "instruments/tasks/n_back.py": {"scored"},  # a key of a trial
    "instruments/tasks/n_back_letters.py": {"scored"},  # a key of a trial
    "screens/jobs/dialog/pages.py": {"connect"},
    "screens/jobs/dialog/views.py": {"disconnect"},  # states of the dialog
    "teams/join_link.py": {"withdrawn"},  # why a link is invalid
}


def handled() -> Iterator[tuple[str, str]]:
    """Return (argument of ``handles``, room) for each handler in eqsr/."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "handles":
                yield ast.unparse(node.args[0]), room_of(dotted(path))


def rooms_in_comments() -> dict[str, str]:
    """Return kind -> the room that the comment above it names."""
    room, found = "", {}
    for line in (ROOT / "eqsr/outbox/kinds.py").read_text().splitlines():
        if comment := re.fullmatch(r"    # ([a-z_.]+)", line):
            room = comment[1]
        elif member := re.match(r"    ([A-Z_]+) = ", line):
            found[f"WorkKind.{member[1]}"] = room
    return found


def string_literals(tree: ast.Module) -> Iterator[str]:
    """Return the string literals, without table names and a module's exported names."""
    names = {
        id(one)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).startswith("__")
        for one in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in names:
            yield node.value


def literals(path: Path) -> set[str]:
    """Return the kinds named by a string in the module; in an emails.py they are template names."""
    if name(path) in DECLARED_IN or path.name == "emails.py":
        return set()
    return KINDS.intersection(string_literals(ast.parse(path.read_text())))


def test_every_kind_of_work_has_one_handler():
    assert Counter(kind for kind, _room in handled()) == Counter(
        f"WorkKind.{kind.name}" for kind in WorkKind
    )


def recorded(action: AuditAction) -> bool:
    """Whether a room records the action: by name, or as the kind of activity that it also is."""
    named = re.compile(rf"\bAuditAction\.{action.name}\b")
    kind = re.compile(rf"\bActivityKind\.{action.name}\b")
    words_only = (*DECLARED_IN, "teams/history.py", "connections/credential_sentences.py")
    sources = {name(path): path.read_text() for path in MODULES if name(path) not in words_only}
    invitations = [text for module, text in sources.items() if module.startswith("invitations/")]
    return any(map(named.search, sources.values())) or any(map(kind.search, invitations))


def test_every_action_of_the_audit_is_recorded():
    assert [action for action in AuditAction if not recorded(action)] == []


def test_sentences_of_the_audit_are_for_actions_that_exist():
    assert set(AUDIT_SENTENCES) <= set(AuditAction)


def test_every_handler_is_registered(app):
    assert set(WorkKind) <= set(handlers.kinds())


def test_kinds_of_work_stand_under_the_room_that_handles_them():
    assert rooms_in_comments() == dict(handled())


def test_every_kind_of_activity_has_its_sentence():
    assert set(ACTIVITY_SENTENCES) == set(ActivityKind)


def test_no_kind_is_named_by_a_string():
    found = {name(path): literals(path) for path in MODULES}
    assert {module: kinds for module, kinds in found.items() if kinds} == OTHER_MEANING


def test_a_kind_that_is_named_by_a_string_is_noticed():
    tree = ast.parse('enqueue("write_back", one)\n__tablename__ = "write_back_too"')
    assert set(string_literals(tree)) == {"write_back"}


def test_dead_work_is_worded_for_kinds_that_exist():
    template = Environment(autoescape=True).parse(
        (ROOT / "templates/connection/_dead.html").read_text()
    )
    [kinds] = [
        one for one in template.find_all(nodes.Assign) if getattr(one.target, "name", "") == "kinds"
    ]
    assert {item.key.value for item in kinds.node.items} <= set(WorkKind)
