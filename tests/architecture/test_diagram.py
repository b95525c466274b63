"""The diagram in docs/architecture.md shows the code's imports, and the files it names exist."""

import re

from tests.architecture.layout import MODULES, ROOT, dotted, is_page, ours

TEXT = (ROOT / "docs/architecture.md").read_text()
BELOW = ("core", "smartrecruiters", "outbox", "mail", "activity", "instruments")
ABOVE = ("screens", "extras", "ops")


def group(module: str) -> str | None:
    """Return the diagram's box for a module; None for models, which are not drawn."""
    first = (module.split(".") + [""])[1]
    if module.endswith(".models"):
        return None
    if not first:
        return "app"
    if is_page(module):
        return "pages"
    return first if first in BELOW + ABOVE else "story"


def arrows() -> set[tuple[str, str]]:
    found = set()
    for path in MODULES:
        for module in ours(path):
            here, there = group(dotted(path)), group(module)
            if here and there and here != there and there != "app":
                found.add((here, there))
    return found


def test_the_drawing_holds_the_arrows_of_the_code():
    drawn = set(re.findall(r"^    (\w+)(?:\[[^]]*\])? --> (\w+)", TEXT, re.MULTILINE))
    assert sorted(drawn) == sorted(arrows())


def test_every_file_that_the_text_names_exists():
    named = re.findall(r"`(eqsr/[\w/.]+)`", TEXT)
    assert len(named) > 10
    assert [one for one in named if not (ROOT / one).exists()] == []
