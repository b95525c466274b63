"""The house keeps its shape: design.md, section 2."""

import ast
from pathlib import Path

import pytest

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
}
REDIS = {"outbox/bell.py", "outbox/relay.py", "connections/limits.py", "connections/tokens.py"}


def name(path: Path) -> str:
    return path.relative_to(ROOT / "eqsr").as_posix()


def imports(path: Path) -> set[str]:
    """Every module that the file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def packages(path: Path) -> set[str]:
    return {module.split(".")[0] for module in imports(path)}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_flask_stays_in_views_and_the_web_application(path):
    web = name(path) in WEB or path.name in ("views.py", "forms.py")
    assert web or "flask" not in packages(path)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_redis_stays_in_the_outbox_and_in_what_shares_limits(path):
    assert name(path) in REDIS or not packages(path) & {"redis", "rq"}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_smartrecruiters_makes_http_calls(path):
    allowed = name(path).startswith("smartrecruiters/")
    assert allowed or not packages(path) & {"requests", "urllib3", "http"}


PURE = [
    path
    for path in MODULES
    if name(path).startswith(
        ("smartrecruiters/", "assessments/scoring/", "assessments/instruments/")
    )
]


@pytest.mark.parametrize("path", PURE, ids=name)
def test_the_client_and_the_scoring_know_no_database_and_no_web(path):
    assert not packages(path) & {"flask", "flask_sqlalchemy", "sqlalchemy", "redis", "rq"}
    assert not {module for module in imports(path) if module.startswith("eqsr.db")}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_run_one_way(path):
    """Nothing below imports views, handlers or forms; models import only models."""
    ours = {module for module in imports(path) if module.startswith("eqsr.")}
    if path.name not in ("views.py", "__init__.py", "cli.py"):
        assert not {module for module in ours if ".views" in module or ".forms" in module}
    if path.name == "models.py":
        flat = ("eqsr.clock", "eqsr.db")
        assert all(module.startswith(flat) or ".models" in module for module in ours)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_modules_stay_small(path):
    assert len(path.read_text().splitlines()) <= 300
