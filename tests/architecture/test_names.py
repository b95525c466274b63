"""The house's former words are gone (tests/architecture/renamed.py is the table)."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.layout import MODULES as FILES
from tests.architecture.layout import ROOT, name
from tests.architecture.renamed import MODULES, NAMES, WORDS

PROGRAMS = [*FILES, ROOT / "app.py", ROOT / "worker.py"]
DOCS = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
# Tells what changed, also from which name.
HISTORY = ("CHANGELOG.md",)


@pytest.mark.parametrize(("former", "term"), MODULES.items())
def test_modules_have_the_fields_names(former: str, term: str):
    assert [one for one in _places(former) if one.exists()] == []
    assert any(one.exists() for one in _places(term))


def test_functions_classes_and_columns_have_the_fields_names():
    found = [
        f"{path.relative_to(ROOT)}:{line} {word} -> {NAMES[former]}"
        for path in PROGRAMS
        for word, line in _names(path)
        if (former := _former(path, word))
    ]
    assert found == []


def test_endpoints_have_the_fields_names(app):
    found = [
        f"{rule.endpoint} -> {NAMES[former]}"
        for rule in app.url_map.iter_rules()
        if (former := rule.endpoint.rpartition(".")[2]) in NAMES
    ]
    assert found == []


def test_text_uses_the_fields_words():
    found = [f"{place}: {word} -> {WORDS[word]}" for place, word in _former_words()]
    assert found == []


def test_the_words_are_found_where_they_are(tmp_path: Path):
    program = tmp_path / "program.py"
    program.write_text('"""Rings the bell."""\n\nx = "whoever"  # by itself\n')
    texts = [text for _line, text in _prose(program)]
    assert [word for word in WORDS if any(_holds(text, word) for text in texts)] == [
        "bell",
        "by itself",
    ]


def _places(module: str) -> list[Path]:
    return [ROOT / "eqsr" / f"{module}.py", ROOT / "eqsr" / module / "__init__.py"]


def _former(path: Path, word: str) -> str | None:
    """The entry of NAMES that forbids this word in this file."""
    room = name(path).split("/")[0] if path in FILES else ""
    return next((one for one in (word, f"{room}/{word}") if one in NAMES), None)


def _names(path: Path) -> Iterator[tuple[str, int]]:
    """What the file defines, assigns, passes by name or reads of something, with its line."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
        elif isinstance(node, ast.arg | ast.keyword) and node.arg:
            yield node.arg, node.lineno


def _former_words() -> Iterator[tuple[str, str]]:
    for path in PROGRAMS:
        for line, text in _prose(path):
            for word in WORDS:
                if _holds(text, word):
                    yield f"{path.relative_to(ROOT)}:{line}", word
    for path in DOCS:
        if path.name in HISTORY:
            continue
        for number, text in enumerate(path.read_text().splitlines(), 1):
            for word in WORDS:
                if _holds(text, word):
                    yield f"{path.relative_to(ROOT)}:{number}", word


def _holds(text: str, word: str) -> bool:
    return re.search(rf"\b{word}\b", text, re.IGNORECASE) is not None


def _prose(path: Path) -> Iterator[tuple[int, str]]:
    """Docstrings and comments, with their line. Other strings are what pages and logs say."""
    text = path.read_text()
    for node in ast.walk(ast.parse(text)):
        value = node.value if isinstance(node, ast.Expr) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.lineno, " ".join(value.value.split())
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
