"""Under which names the product answers, and what it does about all others."""

import dataclasses
import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eqsr import create_app
from eqsr.web.hosts import plain_host
from tests.web.hosts import IMPOSSIBLE, PUBLIC

STRANGERS = ("evil.example", f"{PUBLIC}.evil.example", f"x{PUBLIC}", "10.0.0.1", "[2001:db8::1]")


@pytest.fixture
def public(app: Flask) -> FlaskClient:
    """An installation that others reach, behind one proxy."""
    return client_of(app, allowed_hosts=("second.example.org", "10.0.0.7", "2001:db8::7"))


def client_of(app: Flask, **changes) -> FlaskClient:
    settings = dataclasses.replace(
        app.extensions["eqsr.settings"],
        **({"public_url": f"https://{PUBLIC}", "proxies": 1} | changes),
    )
    return create_app(settings).test_client()


def status(client: FlaskClient, host: str | None, path: str = "/login", **environ) -> int:
    return client.get(path, environ_overrides={"HTTP_HOST": host} | environ).status_code


@pytest.mark.parametrize("host", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_an_impossible_host_is_refused_before_anything(client, public, host, caplog):
    caplog.set_level(logging.DEBUG)
    for browser in (client, public):
        answer = browser.get("/take/the-token", environ_overrides={"HTTP_HOST": host})
        assert answer.status_code == 400
        assert "does not answer at the address you used" in answer.text
        assert "Set-Cookie" not in answer.headers
    assert "the-token" not in caplog.text + str([vars(one) for one in caplog.records])
    assert not plain_host(host)


def test_brackets_hold_an_ipv6_address():
    assert plain_host("[1::3]:80") == "1::3"
    assert plain_host("[1:2:3]") == plain_host("[127.0.0.1]") == ""  # test clients fail at these


@pytest.mark.parametrize("host", STRANGERS)
def test_a_host_that_is_not_known_is_refused(client, public, host):
    assert status(public, host) == 400
    assert status(client, host) == 400


@pytest.mark.parametrize(
    "host",
    [
        PUBLIC, PUBLIC.upper(), f"{PUBLIC}.", f"{PUBLIC}:443", f"{PUBLIC}:8443",
        "second.example.org", "10.0.0.7", "10.0.0.7:8000", "[2001:db8::7]", "[2001:db8:0::7]:80",
    ],
)  # fmt: skip
def test_its_own_names_are_answered(public, host):
    assert status(public, host) == 200


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.1:8000", "[::1]", "[::1]:80"])
def test_a_laptop_has_its_names_too_and_production_has_not(client, public, host):
    assert status(client, host) == 200
    assert status(public, host) == 400


def test_no_host_at_all(client, public):
    for browser in (client, public):
        environ = browser.get("/login", headers={"Host": ""})
        assert environ.status_code == 400


@pytest.mark.parametrize("host", ["10.1.2.3:8000", "pod-7", "evil.example", None, ""])
def test_health_is_told_under_any_name(client, public, host):
    for browser in (client, public):
        assert status(browser, host, "/healthz") == 200
        assert status(browser, host, "/readyz") == 200
        assert status(browser, host, "/metrics") == (400)


def test_but_not_under_one_that_no_machine_can_have(client):
    assert status(client, "..", "/healthz") == 400


def test_of_what_a_proxy_says_the_last_counts(public):
    """It adds its own; what came before it may be anybody's."""
    for said, answered in [
        (PUBLIC, 200),
        (f"evil.example, {PUBLIC}", 200),
        (f"{PUBLIC}, evil.example", 400),
        ("..", 400),
    ]:
        assert status(public, "internal:8000", HTTP_X_FORWARDED_HOST=said) == answered, said
    assert status(public, PUBLIC, HTTP_X_FORWARDED_HOST="evil.example") == 400


def test_without_a_proxy_nobody_is_believed(app, client):
    direct = client_of(app, proxies=0)
    assert status(direct, PUBLIC, HTTP_X_FORWARDED_HOST="evil.example") == 200
    assert status(direct, "evil.example", HTTP_X_FORWARDED_HOST=PUBLIC) == 400
    assert status(client, "evil.example", HTTP_X_FORWARDED_HOST="localhost") == 400


def test_behind_two_proxies_the_last_but_one_counts(app):
    twice = client_of(app, proxies=2)
    for said, answered in [(f"{PUBLIC}, cdn.example", 200), (f"evil.example, {PUBLIC}", 400)]:
        assert status(twice, "internal", HTTP_X_FORWARDED_HOST=said) == answered, said


@pytest.mark.parametrize("name", ["RAW_URI", "REQUEST_URI"])
def test_a_target_with_a_host_of_its_own_must_name_the_same(client, name):
    def asked(target: str) -> int:
        return status(client, "localhost", **{name: target})

    assert asked("http://localhost/login") == asked("HTTP://LocalHost:80/login") == 200
    assert asked("http://localhost?x=http://evil.example") == asked("/login?x=http://a") == 200
    for bad in ("http://evil.example/login", "http://me@localhost/login", "https:///login"):
        assert asked(bad) == 400, bad


def test_an_internationalised_public_name_is_known_as_browsers_send_it(app):
    browser = client_of(app, public_url="https://bücher.example")
    assert status(browser, "xn--bcher-kva.example") == 200
    assert status(browser, "evil.example") == 400
