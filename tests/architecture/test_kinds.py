"""Kinds of work and of activity are enum members wherever one room passes them to another."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from eqsr.activity.kinds import ActivityKind
from eqsr.activity.sentences import ACTIVITY_SENTENCES
from eqsr.outbox import handlers
from eqsr.outbox.kinds import WorkKind
from tests.architecture.layout import MODULES, ROOT, dotted, name, room_of

KINDS = {kind.value for kind in (*WorkKind, *ActivityKind)}
DECLARED_IN = ("outbox/kinds.py", "activity/kinds.py")

# Words that are also kinds but have another meaning there.
OTHER_MEANING = {
    "accounts/reset_requests.py": {"password_forgotten"},  # an action of the audit
    "accounts/resets.py": {"password_reset"},  # an action of the audit
    "accounts/authentication.py": {"password_changed"},  # an action of the audit
    "connections/alerts.py": {"connection_trouble"},  # a template
    "core/db.py": {"connect"},  # an event of SQLAlchemy
    "extras/privacy/erasure.py": {"result_erased"},  # an action of the audit
    "extras/reports/views.py": {"report_downloaded"},  # an action of the audit
    "instruments/tasks/checking.py": {"scored"},  # a key of a trial
    "ops/work_commands.py": {"rescore"},  # a command
    "instruments/tasks/n_back.py": {"scored"},  # a key of a trial
    "instruments/tasks/n_back_letters.py": {"scored"},  # a key of a trial
    "screens/jobs/dialog/pages.py": {"connect"},
    "screens/jobs/dialog/views.py": {"disconnect"},  # states of the dialog
    "teams/history.py": {"password_forgotten", "password_reset", "password_changed"},  # the audit
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
