"""The house keeps its shape: design.md, section 2."""

import ast
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "eqsr").rglob("*.py"))

# Flat modules that are the web application itself.
WEB = {
    "webhooks/door.py",
    "__init__.py",
    "extensions.py",
    "errors.py",
    "cli.py",
    "pages.py",
    "assets.py",
    "access.py",
    "bodies.py",
}
REDIS = {
    "outbox/bell.py",
    "outbox/relay.py",
    "outbox/slots.py",
    "connections/limits.py",
    "connections/tokens.py",
}


def name(path: Path) -> str:
    return path.relative_to(ROOT / "eqsr").as_posix()


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module that the file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def packages(path: Path) -> set[str]:
    return {module.split(".")[0] for module in imports(path)}


def ours(path: Path) -> set[str]:
    return {module for module in imports(path) if module.startswith("eqsr.")}


def where(wrong: Callable[[Path], bool], among: Iterable[Path] = MODULES) -> list[str]:
    """The modules of which it is true."""
    return [name(path) for path in among if wrong(path)]


def test_flask_stays_in_views_and_the_web_application():
    def web(path: Path) -> bool:
        return name(path) in WEB or path.name in ("views.py", "forms.py")

    assert where(lambda path: "flask" in packages(path) and not web(path)) == []


def test_redis_stays_in_the_outbox_and_in_what_shares_limits():
    assert set(where(lambda path: bool(packages(path) & {"redis", "rq"}))) == REDIS


def test_only_smartrecruiters_makes_http_calls():
    callers = where(lambda path: bool(packages(path) & {"requests", "urllib3", "http"}))
    assert callers
    assert [caller for caller in callers if not caller.startswith("smartrecruiters/")] == []


def test_the_client_and_the_scoring_know_no_database_and_no_web():
    rooms = ("smartrecruiters/", "assessments/scoring/", "assessments/instruments/")
    pure = [path for path in MODULES if name(path).startswith(rooms)]
    framework = {"flask", "flask_sqlalchemy", "sqlalchemy", "redis", "rq"}
    assert pure
    assert where(lambda path: bool(packages(path) & framework), pure) == []
    assert where(lambda path: any(one.startswith("eqsr.core.db") for one in ours(path)), pure) == []


def test_nothing_below_imports_views_or_forms():
    below = [path for path in MODULES if path.name not in ("views.py", "__init__.py", "cli.py")]
    up = (".views", ".forms")
    assert where(lambda path: any(part in one for one in ours(path) for part in up), below) == []


def test_models_import_only_models():
    models = [path for path in MODULES if path.name == "models.py"]

    def allowed(module: str) -> bool:
        return module.startswith(("eqsr.core.clock", "eqsr.core.db")) or ".models" in module

    assert models
    assert where(lambda path: not all(map(allowed, ours(path))), models) == []


def test_modules_stay_small():
    assert where(lambda path: len(path.read_text().splitlines()) > 300) == []
