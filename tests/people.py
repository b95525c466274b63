"""A person at a browser who submits forms; and the mails that people get."""

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.services.sandbox import Sandbox
from tests.world import World, csrf


class Person:
    """The person logged in in this browser, or an anonymous visitor."""

    def __init__(self, browser: FlaskClient) -> None:
        self.browser = browser

    def sees(self, path: str) -> str:
        """Return the words of the page's main part."""
        answer = self.browser.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return main_words(answer)

    def posts(self, path: str, **form: str) -> TestResponse:
        page = "/help" if self.browser.get("/help").status_code == 200 else "/login"
        return self.browser.post(path, data={"csrf_token": csrf(self.browser, page), **form})

    def presses(self, path: str, **form: str) -> str:
        """Submit a form, follow the redirects, and return the page there."""
        answer = self.posts(path, **form)
        assert answer.status_code == 303, (path, answer.status_code, main_words(answer))
        return self.sees(answer.location)


def person(world: World, email: str) -> Person:
    return Person(world.log_in(email))


def anybody(world: World) -> Person:
    return Person(world.app.test_client())


def main_words(answer: TestResponse) -> str:
    main = answer.text.split("<main", 1)[1].split("</main>", 1)[0].partition(">")[2]
    main = re.sub(r"(?s)<(svg|select)\b.*?</\1>", " ", main)
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


def link_in(box: Sandbox, to: str, path: str) -> str:
    """Return the path of the link in the latest mail to this address, in text and HTML."""
    mail = box.get("mails", to=to)[-1]
    [link] = set(re.findall(rf"https?://[^/\s]+({path}[\w-]+)", mail["text"]))
    assert f'{link}"' in mail["html"]
    return link


def said_at(page: str, field: str) -> str:
    """Return the field's error; the field has the focus and is the only one with an error."""
    [control] = re.findall(r"<(?:input|select|textarea)[^>]*aria-invalid[^>]*>", page)
    assert f'id="{field}"' in control and "autofocus" in control
    assert re.search(rf'aria-describedby="[^"]*\b{field}-error"', control)
    assert 'role="alert"' not in page
    return re.search(rf'(?s)id="{field}-error">(.*?)</p>', page)[1]
