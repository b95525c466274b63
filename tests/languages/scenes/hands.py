"""Whoever does something, in the marked language."""

import re
from collections import Counter, defaultdict

from flask.testing import FlaskClient
from sqlalchemy import select

from eqsr.candidates.models import Candidate
from eqsr.core.db import db
from tests.languages.walker import DUTCH, follow
from tests.people import Person
from tests.story import Story
from tests.world import PASSWORD, World

NOWHERE = "0" * 8 + "-0000-0000-0000-" + "0" * 12


class Hand(Person):
    """Whoever is at this browser, which asks for this language."""

    def __init__(self, browser: FlaskClient, who: str = "") -> None:
        super().__init__(browser)
        trails = browser.application.extensions.setdefault("tests.trails", defaultdict(Counter))
        self._trail: Counter = trails[who or id(self)]
        self._site = browser.application.extensions["eqsr.settings"].public_url
        browser.environ_base = browser.environ_base | DUTCH

    def does(self, path: str, *, htmx: bool = False, **form: object) -> str:
        """Post, follow to where that leads, and the page there."""
        headers = {"HX-Request": "true"} if htmx else {}
        token = self._token()
        answer = self.browser.post(path, data={"csrf_token": token, **form}, headers=headers)
        assert answer.status_code < 500, path
        there = (answer.location or "").removeprefix(self._site)
        if there.startswith("/"):
            return self.browser.get(there, follow_redirects=True).text
        return answer.text

    def opens(self, *paths: str) -> None:
        for path in paths:
            assert self.browser.get(path, follow_redirects=True).status_code < 500, path

    def asks(self, *paths: str) -> None:
        """Let htmx ask for parts of pages."""
        for path in paths:
            answer = self.browser.get(path, headers={"HX-Request": "true"})
            assert answer.status_code < 500, path

    def follows(self, *starts: str) -> None:
        """Every address that these pages lead to, and those lead to, that this person has not
        seen often enough."""
        follow(self.browser, self._trail, *starts)

    def _token(self) -> str:
        for path in ("/help", "/login"):
            found = re.search(r'name="csrf-token" content="([^"]+)"', self.browser.get(path).text)
            if found:
                return found[1]
        raise AssertionError("no page has a token")


def hand(world: World, email: str = "") -> Hand:
    """Somebody at a new browser, logged in if there is an address."""
    made = Hand(world.app.test_client(), email)
    if email:
        made.does("/login", email=email, password=PASSWORD)
    return made


def take_path(story: Story, email: str) -> str:
    texts = [mail["text"] for mail in story.mails(email)]
    return next(
        found[1]
        for found in (re.search(r"https?://[^/\s]+(/take/[\w.-]+)", text) for text in texts)
        if found
    )


def the_candidate(story: Story, first_name: str):
    with story.world.app.app_context():
        query = select(Candidate.id).where(Candidate.first_name == first_name)
        return db.session.scalar(query)
