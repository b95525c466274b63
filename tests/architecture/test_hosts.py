"""Pages request nothing from other hosts: templates, styles and scripts load only our own files."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = r"(?:https?:)?//"
LOADS = re.compile(
    rf"""\b(?:src|srcset|href|action|poster|data|hx-(?:get|post))\s*=\s*["']?\s*{ELSEWHERE}
    | \burl\(\s*["']?\s*{ELSEWHERE}
    | @import\b
    | \b(?:fetch|import|Worker|WebSocket|EventSource|sendBeacon)\(\s*["'`]\s*(?:\w+:)?//""",
    re.VERBOSE | re.IGNORECASE,
)
SOURCES = [
    path
    for folder in ("templates", "static")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".html", ".svg", ".css", ".js")
]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_nothing_is_loaded_from_elsewhere():
    found = {name(path): LOADS.search(path.read_text()) for path in SOURCES}
    assert found
    assert {path: load for path, load in found.items() if load} == {}


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example.org/htmx.js"></script>',
        '<link rel="stylesheet" href="//fonts.example.org/css">',
        "body { background: url(https://example.org/a.png) }",
        '@import "theme.css";',
        'fetch("https://example.org/count")',
        "new EventSource('//example.org/events')",
    ],
)
def test_what_would_be_loaded_from_elsewhere_is_noticed(text):
    assert LOADS.search(text)


# Mails are exempt: mail programs need inline styles.
PAGES = [
    path for path in SOURCES if path.suffix == ".html" and "mail" not in Path(name(path)).parts
]


INLINE = re.compile(r"""\sstyle=["']|\son[a-z]+=["']|<style|<script(?![^>]*\ssrc=)""")


def test_no_script_or_style_stands_in_a_page():
    """The content security policy would block it."""
    assert PAGES
    assert [name(path) for path in PAGES if INLINE.search(path.read_text())] == []


def test_the_lock_file_of_the_linter_names_no_registry():
    """npm's configured registry provides the packages, and their hashes identify them."""
    packages = json.loads((ROOT / "tools/web/package-lock.json").read_text())["packages"]
    locked = {name: facts for name, facts in packages.items() if name}
    assert locked
    for name, facts in locked.items():
        assert facts["integrity"].startswith("sha512-"), name
        assert "resolved" not in facts, name
