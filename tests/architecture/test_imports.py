"""Which modules may import which: docs/house.md, section Rules."""

import ast
import re
from pathlib import Path

from tests.architecture.layout import (
    MODULES,
    ROOT,
    dotted,
    imports,
    is_page,
    knots,
    name,
    ours,
    packages,
    room_graph,
    room_of,
    where,
)

# Modules that belong to the web application, besides views, forms and web/.
WEB = {
    "__init__.py",
    "core/extensions.py",
    "ops/backup_commands.py",
    "ops/cli.py",
    "ops/customer_commands.py",
    "ops/health.py",
    "ops/installation_commands.py",
    "ops/readiness.py",
    "ops/restore.py",
    "ops/security_txt.py",
    "ops/work_commands.py",
    "webhooks/fast_path.py",
}
REDIS = {
    "outbox/queue.py",
    "outbox/redis_client.py",
    "outbox/wakeups.py",
    "outbox/broker_state.py",
    "outbox/popper.py",
    "outbox/dispatcher.py",
    "outbox/counters.py",
    "connections/limit_counters.py",
    "connections/limits.py",
    "connections/tokens.py",
}
MOST_ENTRIES = 26
LARGEST_KNOT = 5


def test_no_rooms_import_each_other_in_a_loop():
    """Models count as one layer below all services, views and forms as one layer above."""

    def layer(module: str) -> str | None:
        if module.endswith(".models"):
            return "models"
        return "pages" if is_page(module) else None

    assert knots(room_graph(layer)) == []


def test_models_counted_in_no_knot_is_large():
    knotted = knots(room_graph(lambda module: "pages" if is_page(module) else None))
    assert [knot for knot in knotted if len(knot) > LARGEST_KNOT] == []


def test_a_loop_is_noticed():
    assert knots({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]


def test_core_knows_no_room():
    core = [path for path in MODULES if name(path).startswith("core/")]
    assert core
    assert where(lambda path: any(room_of(one) != "core" for one in ours(path)), core) == []


def test_the_story_imports_neither_extras_nor_screens():
    """Models are a layer below: the story may read rows of an extra."""
    above = ("extras", "screens", "ops")
    story = [
        path
        for path in MODULES
        if not name(path).startswith(above)
        and not is_page(dotted(path))
        and name(path) != "__init__.py"
    ]

    def reaches(path: Path) -> bool:
        models = {one for one in ours(path) if one.endswith(".models")}
        packages_of_models = {one.rpartition(".")[0] for one in models}
        verbs = ours(path) - models - packages_of_models
        return any(room_of(one).startswith(above) for one in verbs)

    assert where(reaches, story) == []


def test_views_do_not_import_views():
    views = [path for path in MODULES if path.name == "views.py"]
    assert views
    assert where(lambda path: any(one.endswith(".views") for one in ours(path)), views) == []


def test_tests_do_not_import_tests():
    """What two test modules share lies in a support module beside them, fixtures in conftest.py."""
    importers = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if any(re.match(r"tests\..*\btest_", one) for one in imports(path))
    ]
    assert importers == []


def test_nothing_below_imports_views_or_forms():
    below = [path for path in MODULES if not is_page(dotted(path)) and name(path) != "__init__.py"]
    up = (".views", ".forms")
    assert where(lambda path: any(one.endswith(up) for one in ours(path)), below) == []


def test_models_import_only_models():
    models = [path for path in MODULES if path.name == "models.py"]
    allowed = {"eqsr.core.clock", "eqsr.core.columns", "eqsr.core.db", "eqsr.core.folding"}
    assert models
    assert (
        where(
            lambda path: any(
                not one.endswith(".models")
                for one in ours(path) - allowed
                if one not in {room.rpartition(".")[0] for room in ours(path)} | {"eqsr.core"}
            ),
            models,
        )
        == []
    )


def test_flask_stays_in_pages_and_the_web_application():
    def web(path) -> bool:
        return name(path) in WEB or is_page(dotted(path))

    assert where(lambda path: "flask" in packages(path) and not web(path)) == []


def test_redis_stays_in_the_outbox_and_in_what_shares_limits():
    assert set(where(lambda path: bool(packages(path) & {"redis", "rq"}))) == REDIS


def test_only_smartrecruiters_makes_http_calls():
    callers = where(lambda path: bool(packages(path) & {"requests", "urllib3", "http"}))
    assert callers
    assert [caller for caller in callers if not caller.startswith("smartrecruiters/")] == []


def test_the_client_and_the_instruments_know_no_database_and_no_web():
    pure = [path for path in MODULES if name(path).startswith(("smartrecruiters/", "instruments/"))]
    framework = {"flask", "flask_sqlalchemy", "sqlalchemy", "redis", "rq"}
    assert pure
    assert where(lambda path: bool(packages(path) & framework), pure) == []
    assert where(lambda path: "eqsr.core.db" in imports(path), pure) == []


def test_no_table_is_looked_up_by_its_name():
    """A module that queries a table imports its model, so that the rules here can see it."""

    def looks_up(path: Path) -> bool:
        return any(
            isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("metadata.tables")
            for node in ast.walk(ast.parse(path.read_text()))
        )

    assert where(looks_up) == []


def test_modules_stay_small():
    assert where(lambda path: len(path.read_text().splitlines()) > 300) == []


def test_the_house_has_few_entries():
    entries = [one for one in (ROOT / "eqsr").iterdir() if one.name != "__pycache__"]
    assert (
        len([one for one in entries if any(one.rglob("*.py")) or one.suffix == ".py"])
        <= MOST_ENTRIES
    )


def test_every_room_says_what_it_is_for():
    packages_of_ours = [path for path in MODULES if path.name == "__init__.py"]
    silent = where(lambda path: not path.read_text().startswith('"""'), packages_of_ours)
    assert silent == []
