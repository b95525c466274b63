"""A browser: cookies, forms and their tokens; it talks to the product over the network."""

import re
from html import unescape
from urllib.parse import urlencode

from simulation.network import PRODUCT, Answer, Network, page_environ

PATIENCE = 30.0


class Refused(Exception):
    """The product answered with an error; str() is status and address."""


class Browser:
    """One browser of one person. ``status_500``: addresses that answered with an error of ours."""

    def __init__(self, network: Network, name: str) -> None:
        self._network, self._name = network, name
        self._cookies: dict[str, str] = {}

    def get(self, url: str, agent: str = "Mozilla/5.0", **headers: str) -> Answer:
        """Open a page and follow redirects. Raises NoAnswer."""
        answer = self._send("GET", url, b"", {"User-Agent": agent, **headers})
        for _ in range(4):
            if answer.status not in (301, 302, 303, 307, 308):
                break
            answer = self._send("GET", _path(answer.header("Location")), b"", {"User-Agent": agent})
        return answer

    def post(self, url: str, page: str = "", **form: str) -> Answer:
        """Send a form with the token of ``page``. Raises NoAnswer."""
        if page:
            form["csrf_token"] = _csrf(self.get(page).text)
        body = urlencode(form).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "Mozilla/5.0"}
        return self._send("POST", url, body, headers)

    def log_in(self, email: str, password: str) -> bool:
        """Log in; False if that did not work."""
        answer = self.post("/login", page="/login", email=email, password=password)
        return answer.status in (302, 303)

    def _send(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={v}" for name, v in self._cookies.items())
        answer = self._network.to_product(
            page_environ(method, url, headers, body), PATIENCE, self._name
        )
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.split(";", 1)[0]
        return answer


def _path(location: str) -> str:
    return location.removeprefix(f"http://{PRODUCT}")


def _csrf(text: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', text)
    return unescape(found[1]) if found else ""
