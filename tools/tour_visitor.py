"""A person with a browser without JavaScript: follows links, fills in forms, presses buttons."""

import time
from collections.abc import Callable
from urllib.parse import urljoin

import requests

from tools.demo_people import PASSWORD
from tools.tour_page import Element, NotThere, Page

TIMEOUT = 30


class Visitor:
    """One browser with its own cookies. ``page`` is the current page."""

    def __init__(self, start: str):
        self._http = requests.Session()
        self.url = start
        self.page = Page("")
        self.status = 0

    def go(self, address: str, expect: int = 200) -> Page:
        """Open an address, absolute or relative like in a link. Raises NotThere."""
        return self._show(self._http.get(urljoin(self.url, address), timeout=TIMEOUT), expect)

    def cookies(self) -> str:
        """Return the cookies as a browser sends them in its header."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._http.cookies)

    def follow(self, link: str, expect: int = 200) -> Page:
        """Follow the link with that name. Raises NotThere."""
        return self.go(self.page.link(link), expect)

    def press(
        self,
        button: str,
        fields: dict[str, str | bool] | None = None,
        choices: dict[str, str] | None = None,
        expect: int = 200,
    ) -> Page:
        """Fill in the fields of the button's form by their labels, and press it.

        ``True`` and ``False`` tick and untick; ``choices`` names a radio button per legend.
        Raises NotThere.
        """
        pressed = self.page.button(button)
        form = self.page.form_of(pressed)
        if form is None:
            raise NotThere(f"the button “{button}” belongs to no form")
        for label, value in (fields or {}).items():
            _fill(self.page.control(form, label), value)
        for legend, label in (choices or {}).items():
            self._choose(form, self.page.control(form, label, legend))
        sent = [pair for one in self.page.controls(form) for pair in _sends(one, pressed)]
        address = urljoin(self.url, form.attrs.get("action") or self.url)
        if form.attrs.get("method", "get").lower() == "post":
            headers = {"Origin": "/".join(self.url.split("/")[:3]), "Referer": self.url}
            answer = self._http.post(address, data=sent, headers=headers, timeout=TIMEOUT)
        else:
            answer = self._http.get(address, params=sent, timeout=TIMEOUT)
        return self._show(answer, expect)

    def post(self, address: str, fields: dict[str, str], expect: int) -> Page:
        """Send a form that no page shows any more, like a person with a copy of it."""
        headers = {"Origin": "/".join(self.url.split("/")[:3]), "Referer": self.url}
        where = urljoin(self.url, address)
        answer = self._http.post(
            where, data=fields, headers=headers, timeout=TIMEOUT, allow_redirects=False
        )
        return self._show(answer, expect)

    def _choose(self, form: Element, chosen: Element) -> None:
        for one in self.page.controls(form):
            if one.attrs.get("name") == chosen.attrs["name"]:
                one.attrs.pop("checked", None)
        chosen.attrs["checked"] = ""

    def _show(self, answer: requests.Response, expect: int) -> Page:
        self.url, self.status, self.page = answer.url, answer.status_code, Page(answer.text)
        if self.status != expect:
            said = f"{self.page.heading()}: {self.page.text()[:300]}"
            raise NotThere(f"{self.url} answered {self.status} instead of {expect} ({said})")
        return self.page


def log_in(visitor: Visitor, email: str) -> None:
    visitor.go("/login")
    log_in_here(visitor, email)


def log_in_here(visitor: Visitor, email: str) -> None:
    visitor.press("Log in", {"Email": email, "Password": PASSWORD})


def expect(visitor: Visitor, words: str) -> None:
    """Raise NotThere unless the page contains these words."""
    if words not in visitor.page.text():
        said = f"{visitor.page.heading()}: {visitor.page.text()[:600]}"
        raise NotThere(f"{visitor.url} does not say “{words}” ({said})")


def look_again(visitor: Visitor) -> str:
    return visitor.go(visitor.url).text()


def until(condition: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Retry until the condition holds. Raises NotThere when time is up."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise NotThere(f"within {seconds:.0f} s it did not come true that {what}")
        time.sleep(0.02)


def _fill(control: Element, value: str | bool) -> None:
    if isinstance(value, bool):
        control.attrs.pop("checked", None)
        control.attrs |= {"checked": ""} if value else {}
    elif control.tag == "select":
        _select(control, value)
    elif control.tag == "textarea":
        control.children = [value]
    elif control.attrs.get("type") == "radio":
        raise NotThere("a radio button is chosen by its legend")
    else:
        control.attrs["value"] = value


def _select(control: Element, value: str) -> None:
    options = [one for one in control.walk() if one.tag == "option"]
    found = [one for one in options if one.text() == value]
    found = found or [one for one in options if one.text().startswith(value)]
    if not found:
        raise NotThere(f"the list offers no “{value}”")
    for one in options:
        one.attrs.pop("selected", None)
    found[0].attrs["selected"] = ""


def _sends(control: Element, pressed: Element) -> list[tuple[str, str]]:
    """Return the pairs that a form sends for a control (HTML: constructing the entry list)."""
    name, kind = control.attrs.get("name"), control.attrs.get("type", "")
    if not name or "disabled" in control.attrs:
        return []
    if control.tag == "button":
        return [(name, control.attrs.get("value", ""))] if control is pressed else []
    if control.tag == "select":
        options = [one for one in control.walk() if one.tag == "option"]
        chosen = next((one for one in options if "selected" in one.attrs), (options or [None])[0])
        return [(name, chosen.attrs.get("value", chosen.text()))] if chosen else []
    if control.tag == "textarea":
        return [(name, "".join(map(str, control.children)))]
    if kind in ("radio", "checkbox") and "checked" not in control.attrs:
        return []
    return [(name, control.attrs.get("value", "on" if kind in ("radio", "checkbox") else ""))]
