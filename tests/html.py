"""Finds violations of HTML's rules that browsers hide."""

import re
from html.parser import HTMLParser

BOOLEAN = {
    "allowfullscreen", "async", "autofocus", "checked", "defer", "disabled", "hidden",
    "multiple", "novalidate", "open", "readonly", "required", "reversed", "selected",
}  # fmt: skip
EMPTY = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
# Elements not allowed in a paragraph, a heading, a summary, a button, a label or a span.
BLOCKS = {
    "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figure", "footer",
    "form", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
}  # fmt: skip
PHRASING_ONLY = {"p", "h1", "h2", "h3", "h4", "summary", "button", "label", "span", "a"}
# A date, or a date and time with at most three decimals of a second and a time zone.
TIME = re.compile(
    r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?|\d\d:\d\d(:\d\d)?"
)


def faults(page: str) -> list[str]:
    """Return one sentence per fault of a page, or of a part of one."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    if reader.open:
        reader.found.append(f"not closed: {reader.open}")
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[str] = []
        self._ids: set[str] = set()
        self._required_select = False
        self._svg = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._svg or tag == "svg":
            self._svg += 1
            return
        given = dict(attrs)
        if len(given) < len(attrs):
            self.found.append(f"<{tag}> has an attribute twice")
        self._look_at_attributes(tag, given)
        self._look_at_place(tag)
        if tag == "option" and self._required_select:
            self._required_select = False
            if given.get("value") != "":
                self.found.append("a required <select> whose first option is not empty")
        self._required_select |= tag == "select" and "required" in given
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._svg:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._svg:
            self._svg -= 1
        elif not self.open or self.open.pop() != tag:
            self.found.append(f"</{tag}> closes nothing, in {self.open[-3:]}")

    def _look_at_attributes(self, tag: str, given: dict[str, str | None]) -> None:
        for name, value in given.items():
            if name in BOOLEAN and value not in (None, "", name):
                self.found.append(f'<{tag} {name}="{value}">')
            if value in ("True", "False", "None"):
                self.found.append(f'<{tag} {name}="{value}"> is Python')
        if tag == "time" and not TIME.fullmatch(given.get("datetime") or ""):
            self.found.append(f'<time datetime="{given.get("datetime")}">')
        if "id" in given:
            if given["id"] in self._ids or not given["id"] or " " in given["id"]:
                self.found.append(f'the id "{given["id"]}" is there twice, or is none')
            self._ids.add(given["id"] or "")

    def _look_at_place(self, tag: str) -> None:
        # The content model of <a> is that of its parent.
        around = next((one for one in reversed(self.open) if one != "a"), "")
        if tag in BLOCKS and around in PHRASING_ONLY:
            self.found.append(f"<{tag}> in <{around}>")
