"""People and accounts that onboarding is about."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eqsr.connections import service as connections
from eqsr.connections.models import Connection
from eqsr.core.db import db
from eqsr.onboarding import service
from eqsr.onboarding.models import OnboardingLink
from eqsr.smartrecruiters.scopes import SCOPES
from tests.page_text import text_of
from tests.services.sandbox import Sandbox
from tests.world import csrf

ALL_SCOPES = [scope.value for scope in SCOPES]


@dataclass(frozen=True)
class Credential:
    id: str
    client_id: str
    client_secret: str


class Account:
    """A company in the sandbox."""

    def __init__(self, box: Sandbox, name: str, jobs: tuple[str, ...] = ()) -> None:
        self.box = box
        self.id = box.post("companies", {"name": name})["id"]
        for title in jobs:
            box.post(f"companies/{self.id}/jobs", {"title": title, "quiet": True})

    def credential(self, without: tuple[str, ...] = (), role: str = "Administrator") -> Credential:
        scopes = [scope for scope in ALL_SCOPES if scope not in without]
        wish = {"name": "Assessments", "scopes": scopes, "role": role}
        made = self.box.post(f"companies/{self.id}/credentials", wish)
        return Credential(made["id"], made["clientId"], made["clientSecret"])

    def grant(self, credential: Credential, scopes: list[str]) -> None:
        self.box.post(f"companies/{self.id}/credentials/{credential.id}", {"scopes": scopes})

    def revoke(self, credential: Credential) -> None:
        self._delete(f"companies/{self.id}/credentials/{credential.id}")

    def subscriptions(self) -> list[dict[str, Any]]:
        return self.box.get(f"companies/{self.id}/subscriptions")

    def suspend(self, subscription_id: str) -> None:
        self.box.post(f"companies/{self.id}/subscriptions/{subscription_id}/suspend")

    def lose(self, subscription_id: str) -> None:
        self._delete(f"companies/{self.id}/subscriptions/{subscription_id}")

    def fault(self, kind: str, path: str = "*", method: str = "*", **options: Any) -> None:
        match = {"path": path, "method": method}
        self.box.post("faults", {"kind": kind, "match": match, **options})

    def no_faults(self) -> None:
        """Switch them off; each one must have struck, or the test has shown nothing."""
        assert all(fault["hits"] for fault in self.box.get("faults")), "a fault never struck"
        self._delete("faults")

    def _delete(self, path: str) -> None:
        requests.delete(f"{self.box.url}/sandbox/api/{path}", timeout=10).raise_for_status()


class Admin:
    """Follows a link in a browser of her own."""

    def __init__(self, app: Flask, organisation_id: uuid.UUID) -> None:
        self.app = app
        self.organisation_id = organisation_id
        self.browser: FlaskClient = app.test_client()
        self.path = ""
        self.get_link()

    def get_link(self) -> str:
        with self.app.app_context():
            _link, url = service.issue_link(self.organisation_id, "it@northwind.example")
        self.path = "/" + url.split("/", 3)[3]
        return self.path

    def gets_new_link(self) -> None:
        """A new link, because the last one has connected, followed up to the keys."""
        self.get_link()
        self.consent()

    def get(self, step: str = "", htmx: bool = False) -> TestResponse:
        headers = {"HX-Request": "true"} if htmx else {}
        return self.browser.get(self.path + step, headers=headers)

    def text(self, step: str = "") -> str:
        """What the page says, without its tags."""
        return text_of(self.get(step))

    def post(self, step: str, **form: str) -> TestResponse:
        page = self.get(step).get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        return self.browser.post(self.path + step, data={"csrf_token": token, **form})

    def consent(self) -> None:
        assert self.post("/welcome").headers["Location"].endswith("/credential")

    def enter(self, client_id: str, client_secret: str) -> TestResponse:
        return self.post("/keys", client_id=client_id, client_secret=client_secret)

    def tries_again(self) -> None:
        """Press *Try the same again*."""
        token = csrf(self.browser, self.path + "/check")
        answer = self.browser.post(self.path + "/check/again", data={"csrf_token": token})
        assert answer.headers["Location"].endswith("/check")

    def connect(self, credential: Credential, work) -> None:
        """The whole way, to a working connection."""
        self.consent()
        self.enter(credential.client_id, credential.client_secret)
        work()
        assert self.connection().connected_at, self.text("/check")

    def link(self) -> OnboardingLink:
        with self.app.app_context():
            found = service.links_of(self.connection_owner())[0]
            db.session.remove()
            return found

    def connection(self) -> Connection:
        with self.app.app_context():
            found = connections.of(self.organisation_id)
            db.session.remove()
            return found

    def connection_owner(self):
        from eqsr.accounts.models import Organisation

        return db.session.get(Organisation, self.organisation_id)
