"""What forms take: nothing but what a form sends, and no more than they need."""

import io
import re
import socket
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eqsr.web import body_reading
from eqsr.web.access import SIGNED
from eqsr.web.bodies import LARGEST_FORM
from serving.arrival import LARGEST_BODY
from tests.people import person
from tests.world import World, csrf, csrf_token

FORM = "application/x-www-form-urlencoded"
VALUES = {"uuid": str(uuid.UUID(int=1)), "int": "1", "": "x", "string": "x"}


def addresses(app: Flask, json: bool = False) -> list[str]:
    """Every address that takes a form (or JSON), whoever may call it."""
    found = set()
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        takes_json = getattr(view, "takes_json", False)
        signed = getattr(view, "access", None) == SIGNED
        if "POST" in rule.methods and not signed and takes_json == json:
            found.add(re.sub(r"<(?:(\w+):)?\w+>", lambda part: VALUES[part[1] or ""], rule.rule))
    return sorted(found)


@pytest.mark.parametrize("body", ["true", "[1]", '{"email": 5}', "null", '"a"', "{", ""])
def test_json_at_a_form_is_refused_everywhere(app, client, body):
    known = addresses(app)
    assert len(known) > 50
    body = body or " "
    for path in known:
        answer = client.post(path, data=body, content_type="application/json")
        assert answer.status_code == 415, path
        assert "only what its form sends" in answer.text, path


def test_also_for_somebody_logged_in(world: World, app):
    alice = world.log_in(world.alice)
    headers = {"X-CSRFToken": csrf_token(alice)}
    for path in addresses(app):
        assert alice.post(path, json=[1], headers=headers).status_code == 415, path


def test_a_part_of_a_page_gets_a_sentence_alone(client):
    answer = client.post("/login", json={}, headers={"HX-Request": "true"})
    assert answer.status_code == 415
    assert "<html" not in answer.text


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "text/html",
        "application/octet-stream",
        "application/vnd.api+json",
        "application/json; charset=utf-8",
        "application/xml",
        "multipart/mixed; boundary=x",
        f"{FORM}x",
        f"{FORM}, {FORM}",
        f"{FORM}; charset=utf-16",
        f"{FORM}; charset=utf-7",
        "multipart/form-data; boundary=x; charset=ebcdic",
        "a",
        "/",
        ";",
        "\xff",
    ],
)
def test_other_kinds_are_refused(client, kind):
    assert client.post("/login", data=b"a=b", content_type=kind).status_code == 415


@pytest.mark.parametrize("kind", [FORM, FORM.upper(), f"{FORM}; charset=UTF-8", f"{FORM};"])
def test_a_form_is_taken(client, kind):
    answer = client.post("/login", data=b"a=b", content_type=kind)
    assert answer.status_code == 400
    assert "open for too long" in answer.text


def test_a_form_without_fields_is_one(client):
    for data in (None, b""):
        assert client.post("/logout", data=data).status_code == 400  # its CSRF token is missing


def test_json_is_taken_where_a_script_sends_it_and_nothing_else_is(app, client):
    known = addresses(app, json=True)
    assert [path.rsplit("/", 1)[1] for path in known] == ["finish", "trials"]
    for path in known:
        assert client.post(path, json={}).status_code == 404
        assert client.post(path, data=b"{}", content_type="text/plain").status_code == 415
        assert client.post(path, data={"a": "b"}).status_code == 415


MULTIPART = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na\r\n'
BROKEN = {
    "no boundary": ("multipart/form-data", PART),
    "empty boundary": ("multipart/form-data; boundary=", PART),
    "boundary of 10,000 letters": (f"multipart/form-data; boundary={'x' * 10_000}", PART),
    "boundary of other letters": ("multipart/form-data; boundary=\xe9\xff", PART),
    "boundary never met": (MULTIPART, b"a" * 1000),
    "never ended": (MULTIPART, PART),
    "part without a name": (MULTIPART, b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--"),
    "part without headers": (MULTIPART, b"--x\r\n\r\na\r\n--x--"),
    "headers never ended": (MULTIPART, b"--x\r\nContent-Disposition: form-data; name=a"),
    "header without end": (MULTIPART, b"--x\r\n" + b"A" * 100_000),
    "part in another charset": (
        MULTIPART,
        b'--x\r\nContent-Disposition: form-data; name="email"\r\nContent-Type: text/plain; '
        b"charset=utf-16\r\n\r\n\xd8\x00\r\n--x--",
    ),
    "part in none": (
        MULTIPART,
        b'--x\r\nContent-Disposition: form-data; name="email"\r\nContent-Type: text/plain; '
        b"charset=\x00\r\n\r\na\r\n--x--",
    ),
    "name not UTF-8": (
        MULTIPART,
        b'--x\r\nContent-Disposition: form-data; name="\xff\xfe"\r\n\r\na\r\n--x--',
    ),
    "file where a word is": (
        MULTIPART,
        b'--x\r\nContent-Disposition: form-data; name="email"; filename="a"\r\n\r\na\r\n--x--',
    ),
    "file name from elsewhere": (
        MULTIPART,
        b'--x\r\nContent-Disposition: form-data; name="logo"; filename="../\x00"\r\n\r\na\r\n--x--',
    ),
    "coded": (
        MULTIPART,
        b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64'
        b"\r\n\r\n====\r\n--x--",
    ),
    "2,000 parts": (MULTIPART, PART * 2000 + b"--x--"),
    "100,000 fields": (FORM, b"a&" * 100_000),
    "one name 50,000 times": (FORM, b"a=1&" * 50_000),
    "NUL bytes": (FORM, b"email=a%00b&password=\x00\x00&csrf_token=%00"),
    "not UTF-8": (FORM, b"email=%ff%fe&password=\xff\xfe&csrf_token=%c3"),
    "half a surrogate pair": (FORM, b"email=%ED%A0%80&password=%ED%B0%80&csrf_token=\xed\xa0\x80"),
    "percent": (FORM, b"%=%&%%%zz=%u0000&=&&="),
    "a name of 200,000 letters": (FORM, b"a" * 200_000 + b"=1"),
    "control characters": (FORM, bytes(range(32)) + b"=" + bytes(range(127, 160))),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_form_is_no_mistake_of_ours(world: World, client, what):
    kind, body = BROKEN[what]
    answer = client.post("/login", data=body, content_type=kind)
    assert answer.status_code in (400, 413, 415), answer.status
    alice = world.log_in(world.alice)
    headers = {"X-CSRFToken": csrf(alice, "/organisation")}
    for path in ("/organisation", "/organisation/logo", "/jobs/new", "/password", "/team/invite"):
        answer = alice.post(path, data=body, content_type=kind, headers=headers)
        assert answer.status_code < 500, (path, answer.status)


def test_limits_are_per_kind_of_address_and_hold_before_reading(world: World, client):
    class Unread(io.BytesIO):
        def read(self, *_size: int) -> bytes:
            raise AssertionError("the body was read")

        readinto = readline = read

    def sent(browser: FlaskClient, path: str, length: int, kind: str = FORM) -> int:
        environ = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(length), "CONTENT_TYPE": kind}
        return browser.post(path, environ_overrides=environ).status_code

    for length in (LARGEST_FORM + 1, LARGEST_BODY + 1, 10**12, int("9" * 4000)):
        assert sent(client, "/login", length) == 413
        assert sent(client, f"/webhooks/smartrecruiters/{uuid.uuid4().hex}", length) == 404
        assert sent(client, "/api/elsewhere/v1/x/invitations", length) in (405, 413)
    alice = world.log_in(world.alice)
    assert sent(alice, "/organisation/logo", LARGEST_BODY + 1, MULTIPART) == 413
    assert sent(client, "/nowhere", 100) == 404
    assert sent(client, "/healthz", 100) == 405
    assert sent(client, "/take/nobody", 100) == 404


def test_a_picture_may_be_larger_than_a_form(world: World):
    alice = person(world, world.alice)
    logo = (io.BytesIO(b"x" * (LARGEST_FORM + 1)), "a.png")
    answer = alice.posts("/organisation/logo", logo=logo)
    assert answer.status_code == 422
    assert "larger than 100 kB" in answer.text


def test_chunks_are_bounded_too(client):
    """A server that ends chunked bodies says so; what has no length then counts as it comes."""
    for size, status in [(100, 400), (LARGEST_FORM + 1, 413), (LARGEST_BODY + 1, 413)]:
        environ = {
            "wsgi.input": io.BytesIO(b"a" * size),
            "wsgi.input_terminated": True,
            "HTTP_TRANSFER_ENCODING": "chunked",
            "CONTENT_LENGTH": "",
            "CONTENT_TYPE": FORM,
        }
        assert client.post("/login", environ_overrides=environ).status_code == status, size


def test_a_body_that_ends_early_or_breaks_is_a_bad_request(client):
    class Broken(io.BytesIO):
        def read(self, *_size: int) -> bytes:
            raise RuntimeError("a server's own error")

    for source in (io.BytesIO(b"a="), Broken()):
        environ = {"wsgi.input": source, "CONTENT_LENGTH": "100", "CONTENT_TYPE": FORM}
        assert client.post("/login", environ_overrides=environ).status_code == 400


def test_only_few_threads_wait_for_bodies(client, monkeypatch):
    """503 for one too many, at servers that leave the waiting to us."""
    ours, theirs = socket.socketpair()
    with ours, theirs, ours.makefile("rb") as source:
        theirs.sendall(b"a=b")
        environ = {
            "wsgi.input": source,
            "gunicorn.socket": ours,
            "CONTENT_LENGTH": "3",
            "CONTENT_TYPE": FORM,
        }
        for _ in range(body_reading.MAX_WAITING):
            body_reading._turns.acquire()
        try:
            answer = client.post("/login", environ_overrides=environ)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        finally:
            body_reading._turns.release(body_reading.MAX_WAITING)
