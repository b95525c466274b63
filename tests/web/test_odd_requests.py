"""Every address, asked in odd ways by chance: nothing that comes from outside is a fault of ours.

The same requests each time (a seed), anonymous and by somebody logged in.
"""

import json
import os
import random
import re
import time
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eqsr.core.db import db
from eqsr.invitations.models import Invitation
from tests.sittings import sitting as sit
from tests.world import World, csrf

# A form that breaks off in the middle of a file leaves it to the garbage collector (Werkzeug).
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

SEED = int(os.environ.get("ODD_SEED", "20261129"))
SECONDS = float(os.environ.get("ODD_SECONDS", 25))  # at most
REQUESTS = int(os.environ.get("ODD_N", 3000))

METHODS = ["GET"] * 3 + ["POST"] * 5 + ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "ODD"]
KINDS = [
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "",
    "\xff/\xff; =;;",
    "application/x-www-form-urlencoded; charset=x\xe9",
]
TEXTS = [
    "", " ", "0", "-1", "9" * 400, "1e309", "NaN", "a" * 5000, "\x00", "a\x00b", "\x7f\x1b[31m",
    "ä€😀", "\u202e\u200b\ufeff", "\ufffd\uffff", "%00", "%", "%ed%a0%80", "../../etc/passwd",
    "//evil.example",
    "' OR 1=1 --", "{{7*7}}", "<script>", "=1+1", "2026-02-30", "2026-11-29", "99999-01-01",
    "0001-01-01",
    "24:61", "a@b.example", "a@@", "@", "en", "xx", "true", "null", "[]", "[1]", "\r\nX: y",
    "\ud800".encode("utf-8", "replace").decode(),
    str(uuid.UUID(int=0)), "0" * 36, "None",
]  # fmt: skip
NAMES = [
    "email", "password", "name", "title", "next", "q", "page", "part", "state", "after", "stage",
    "ats_job",
    "language", "wish", "text", "role", "user", "days", "date", "value", "answers", "responses",
    "csrf_token",
    "norm", "sort", "id", "ids", "candidate", "left", "right", "until", "hours", "accent",
    "time_zone", "logo",
    "sure", "assessment", "minutes", "attach", "subject", "greeting", "body", "kind", "with",
    "instrument", "",
]  # fmt: skip
JSONS = [
    True, None, [], [1], {}, "a", 1e308, {"email": 5}, {"responses": [{}]}, {"responses": "x"},
    {"responses": [[]]},
    {"responses": [{"trial": 10**30, "at": -1}]}, {"device": {"a": "\ud800"}}, {"device": []},
    {"device": "\x00"},
    {"a": {"a": {"a": [None] * 100}}},
    {"responses": [{"trial": 0, "answer": "\ud800\x00", "ms": "NaN"}]},
]  # fmt: skip
HEADERS = [
    ("HX-Request", "true"), ("HX-Current-URL", "http://[::1"), ("HX-Current-URL", "\xff"),
    ("Accept-Language", "x;q=a,,\xff"),
    ("Accept-Language", "nl;q=9" * 200), ("Cookie", "session=\xff.\x01; remember_token=a|b; ="),
    ("Range", "bytes=-1-9,x"),
    ("If-Modified-Since", "32 Foo 99999"), ("If-None-Match", '"\xff'),
    ("X-Forwarded-For", "\xff,,::g"), ("Origin", "null"),
    ("Accept", "*/*;q=x"), ("X-Hook-Secret", "\xff"), ("Authorization", "Basic \xff"),
    ("User-Agent", "\xff" * 600),
    ("Referer", "http://["), ("Accept-Encoding", "gzip;q=\xff"),
    ("smartrecruiters-timestamp", "9" * 400),
    ("smartrecruiters-signature", "v1=\xff"), ("event-id", "\xff"), ("X-CSRFToken", "\xff"),
    ("Content-Encoding", "gzip"),
    ("Transfer-Encoding", "chunked"), ("Expect", "x"), ("X-HTTP-Method-Override", "DELETE"),
    ("Sec-Purpose", "prefetch"),
]  # fmt: skip


class Chance:
    """Requests made from one seed."""

    def __init__(self, app: Flask, seed: int, ids: dict[str, list[str]]) -> None:
        self._random = random.Random(seed)
        self._rules = sorted({rule.rule for rule in app.url_map.iter_rules()})
        self._ids = ids

    def request(self) -> tuple[str, str, dict]:
        """(method, path, options of the test client)."""
        pick = self._random.choice
        headers = [pick(HEADERS) for _ in range(self._random.choice([0, 0, 1, 2]))]
        environ = {"QUERY_STRING": self._fields() if self._random.random() < 0.4 else ""}
        kind = pick(KINDS[:2] * 3 + KINDS)
        options = {"headers": headers, "environ_overrides": environ | {"CONTENT_TYPE": kind}}
        options["data"] = self._body(kind)
        return pick(METHODS), self._path(), options

    def _path(self) -> str:
        def filled(found: re.Match) -> str:
            known = self._ids.get(found[1], [])
            chosen = self._random.choice(TEXTS + known * 30)
            return re.sub(r"[?#\r\n]", "x", chosen) or "x"

        return re.sub(r"<(?:\w+:)?(\w+)>", filled, self._random.choice(self._rules))

    def _fields(self) -> str:
        pick, some = self._random.choice, self._random.randrange(1, 6)
        return (
            "&".join(f"{pick(NAMES)}={pick(TEXTS)}" for _ in range(some)).encode().decode("latin-1")
        )

    def _body(self, kind: str) -> bytes:
        if self._random.random() < 0.1:
            return self._random.randbytes(200)
        if "json" in kind:
            return json.dumps(self._random.choice(JSONS)).encode()
        if "multipart" not in kind:
            return self._fields().encode("latin-1")
        pick, some = self._random.choice, self._random.randrange(1, 6)
        file = pick(["", "", '; filename="a"'])
        head = "--x\r\nContent-Disposition: form-data; name="
        parts = (f'{head}"{pick(NAMES)}"{file}\r\n\r\n{pick(TEXTS)}\r\n' for _ in range(some))
        return ("".join(parts) + pick(["--x--", ""])).encode()


@pytest.fixture
def ids(world: World) -> dict[str, list[str]]:
    """What addresses name, where it exists."""
    person = sit.invite(world)
    token = person.path.rsplit("/", 1)[1]
    with world.app.app_context():
        job = str(db.session.get_one(Invitation, person.invitation).job_id)
    return {
        "candidate_id": [str(person.candidate)],
        "application_id": [str(person.application)],
        "invitation_id": [str(person.invitation)],
        "job_id": [job],
        "token": [token],
        "part": ["work-style", "number-span"],
        "instrument": ["work-style"],
        "instrument_id": ["work-style"],
        "slug": ["northwind"],
        "topic": ["roles"],
        "organisation_id": [str(world.northwind)],
    }


@pytest.mark.slow
@pytest.mark.one_database
@pytest.mark.parametrize("who", ["anybody", "alice", "sam"])
def test_odd_requests_are_never_a_fault_of_ours(world: World, ids, who, caplog):
    assert_no_faults(world, ids, who, REQUESTS // 3, SECONDS / 3)


@pytest.mark.slow
def test_nor_on_the_other_database(world: World, ids):
    assert_no_faults(world, ids, "alice", REQUESTS // 6, SECONDS / 6)


def assert_no_faults(world: World, ids, who: str, number: int, seconds: float) -> None:
    anybody = who == "anybody"
    browser = world.app.test_client() if anybody else world.log_in(getattr(world, who))
    token = csrf(browser, "/login" if anybody else "/help")
    chance, begun = Chance(world.app, SEED, ids), time.monotonic()
    for _ in range(number):
        if time.monotonic() - begun > seconds:
            break
        method, path, options = chance.request()
        if not any(name == "X-CSRFToken" for name, _value in options["headers"]):
            options["headers"].append(("X-CSRFToken", token))
        status = ask(browser, method, path, options)
        assert status < 500, (number, method, path, options)


def ask(browser: FlaskClient, method: str, path: str, options: dict) -> int:
    return browser.open(path, method=method, **options).status_code
