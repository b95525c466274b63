"""Style sheets are read by older browsers too: what they do not know costs only looks."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.one_database

SHEETS = sorted((Path(__file__).resolve().parents[2] / "static").rglob("*.css"))
WITHOUT_OUTLINE = {
    # A thicker edge of the block takes its place, in every browser that plays the game.
    ".block:focus",
    # Scripts and links lead there for screen readers; nothing can be pressed.
    'h1:focus, main:focus, [tabindex="-1"]:focus',
}


def rules(css: str, within: str = "") -> list[tuple[str, str, str]]:
    """(conditions around it, selectors, declarations) of each rule, in order."""
    found, start = [], 0
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    while (opening := css.find("{", start)) >= 0:
        depth, end = 1, opening + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        head, body = css[start:opening].strip(), css[opening + 1 : end - 1]
        if head.startswith(("@media", "@supports", "@container")):
            found += rules(body, f"{within} {head}")
        else:
            found.append((within, head, body))
        start = end
    return found


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_the_focus_is_hidden_only_where_something_else_shows_it(sheet):
    hidden = {
        selectors
        for within, selectors, body in rules(sheet.read_text())
        if re.search(r"outline:\s*(none|0)\b", body) and "@supports selector(:has(" not in within
    }
    assert hidden <= WITHOUT_OUTLINE


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_rule_for_every_browser_does_not_depend_on_has(sheet):
    """One selector that a browser does not know makes it drop all the others of the rule."""
    for _, selectors, _ in rules(sheet.read_text()):
        parts = re.split(r",(?![^(]*\))", selectors)
        assert len({":has(" in part for part in parts}) <= 1, selectors


def test_rules_are_found_within_conditions():
    css = "a { b: c } @media x { @supports y { d { outline: none } } }"
    assert rules(css) == [("", "a", " b: c "), (" @media x @supports y", "d", " outline: none ")]


@pytest.mark.parametrize(
    "sheet", [one for one in SHEETS if one.parent.name == "static"], ids=lambda path: path.name
)
def test_what_stands_at_a_side_turns_with_the_language(sheet):
    """Left and right are where a line begins and ends; a toast is in the middle of the window."""
    physical = re.compile(
        r"(?<![\w-])((margin|padding|border)-(left|right)|left|right|float)\s*:"
        r"|text-align:\s*(left|right)"
    )
    found = [
        (selectors, match[0])
        for _within, selectors, body in rules(sheet.read_text())
        for match in physical.finditer(body)
        if "translateX(-50%)" not in body
    ]
    assert found == []
