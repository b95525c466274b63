"""Reads a page as a person without JavaScript does: finds links, buttons and fields by name.

Names are computed as browsers do it for assistive technology (W3C, Accessible Name and
Description Computation), as far as our pages need it: aria-labelledby, aria-label, label, text.
"""

from collections.abc import Iterator
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
SILENT = {"script", "style", "template", "title"}
CONTROLS = {"input", "select", "textarea", "button"}


class NotThere(Exception):
    """The page lacks something; str() names it."""


class Element:
    """A tag with its attributes and children."""

    def __init__(self, tag: str, attrs: dict[str, str], parent: "Element | None"):
        self.tag, self.attrs, self.parent = tag, attrs, parent
        self.children: list[Element | str] = []

    def walk(self) -> Iterator["Element"]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def text(self) -> str:
        """Return the visible text with single spaces."""
        return " ".join("".join(self._pieces()).split())

    def ancestor(self, tag: str) -> "Element | None":
        found = self.parent
        while found is not None and found.tag != tag:
            found = found.parent
        return found

    def _pieces(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in SILENT and "hidden" not in child.attrs:
                yield from child._pieces()
                yield " "


class Page(HTMLParser):
    """A parsed page. Every search looks for the whole name first, then for a part of it."""

    def __init__(self, html: str):
        super().__init__()
        self.root = self._open = Element("#root", {}, None)
        self.feed(html)
        self.close()
        self.elements = list(self.root.walk())
        self._by_id = {one.attrs["id"]: one for one in self.elements if "id" in one.attrs}

    def text(self) -> str:
        return self.root.text()

    def heading(self) -> str:
        return next((one.text() for one in self.elements if one.tag == "h1"), "no heading")

    def link(self, name: str) -> str:
        """Return the address of the link with that name. Raises NotThere."""
        links = [one for one in self.elements if one.tag == "a" and "href" in one.attrs]
        return self._named(links, name, "link").attrs["href"]

    def button(self, name: str) -> Element:
        """Return the button with that name. Raises NotThere."""
        buttons = [one for one in self.elements if one.tag == "button" and self._visible(one)]
        return self._named(buttons, name, "button")

    def value(self, label: str) -> str:
        """Return the value of the field with that label. Raises NotThere."""
        fields = [one for one in self.elements if one.tag in CONTROLS - {"button"}]
        found = self._named(fields, label, "field")
        return found.text() if found.tag == "textarea" else found.attrs.get("value", "")

    def hidden(self, name: str) -> str:
        """Return the value of the first hidden field with that name. Raises NotThere."""
        for one in self.elements:
            if one.tag == "input" and one.attrs.get("name") == name:
                return one.attrs.get("value", "")
        raise NotThere(f"the page “{self.heading()}” has no hidden field “{name}”")

    def control(self, form: Element, label: str, group: str = "") -> Element:
        """Return a form's field with that label, in the group with that name. Raises NotThere."""
        fields = [one for one in self.controls(form) if one.tag != "button"]
        if group:
            fields = [one for one in fields if group in self._groups(one)]
        return self._named(fields, label, f"field in “{group}”" if group else "field")

    def controls(self, form: Element) -> list[Element]:
        return [one for one in self.elements if one.tag in CONTROLS and self.form_of(one) is form]

    def form_of(self, control: Element) -> Element | None:
        if "form" in control.attrs:
            return self._by_id.get(control.attrs["form"])
        return control.ancestor("form")

    def legends(self) -> list[str]:
        return [one.text() for one in self.elements if one.tag == "legend"]

    def name_of(self, element: Element) -> str:
        ids = element.attrs.get("aria-labelledby", "").split()
        if ids:
            return " ".join(self._by_id[one].text() for one in ids if one in self._by_id)
        if element.attrs.get("aria-label"):
            return element.attrs["aria-label"]
        if element.tag in CONTROLS - {"button"}:
            return self._label(element)
        return element.text()

    def _label(self, control: Element) -> str:
        for one in self.elements:
            if one.tag == "label" and one.attrs.get("for") == control.attrs.get("id", " "):
                return one.text()
        around = control.ancestor("label")
        return around.text() if around else ""

    def _groups(self, control: Element) -> Iterator[str]:
        """Return the names of the field sets and radio groups around a control."""
        around = control.parent
        while around is not None:
            if around.tag == "fieldset":
                yield from (one.text() for one in around.walk() if one.tag == "legend")
            elif around.attrs.get("role") in ("group", "radiogroup"):
                yield self.name_of(around)
            around = around.parent

    def _named(self, found: list[Element], name: str, kind: str) -> Element:
        names = [(self.name_of(one), one) for one in found]
        whole = [one for known, one in names if known == name]
        part = [one for known, one in names if name in known]
        if not part:
            raise NotThere(f"the page “{self.heading()}” has no {kind} “{name}”")
        return (whole or part)[0]

    @staticmethod
    def _visible(element: Element) -> bool:
        return "hidden" not in element.attrs and "disabled" not in element.attrs

    # overrides HTMLParser's methods

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.children.append(element)
        if tag not in VOID:
            self._open = element

    def handle_endtag(self, tag: str) -> None:
        at: Element | None = self._open
        while at is not None and at.tag != tag:
            at = at.parent
        if at is not None and at.parent is not None:
            self._open = at.parent

    def handle_data(self, data: str) -> None:
        self._open.children.append(data)
