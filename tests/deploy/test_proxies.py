"""The sample nginx and Caddy in front of an application: what reaches it, and what they log."""

from contextlib import suppress

import pytest

from tests.deploy.sample_proxies import RUN
from tests.deploy.upstream import FIRST, REST, head, status, upstream
from tests.services.processes import eventually
from tools.ports import kept_port

pytestmark = pytest.mark.one_database

TOKEN = "t0p-secret-token"


@pytest.fixture
def behind():
    with upstream() as running:
        yield running


@pytest.fixture(params=RUN)
def proxy(request, tmp_path, behind):
    with RUN[request.param](tmp_path, behind.port) as running:
        behind.seen.clear()
        behind.connected.clear()
        yield running


def test_links_tokens_reach_the_application_and_never_a_log(app, proxy, behind):
    rules = [one.rule for one in app.url_map.iter_rules() if one.arguments & {"token", "key"}]
    assert len(rules) > 20
    paths = [rule.replace("<token>", TOKEN).replace("<key>", TOKEN).split("<")[0] for rule in rules]
    visitor = proxy.visitor()
    referer = f"Referer: https://assess.example.org/take/{TOKEN}/x"
    for path in paths:
        assert visitor.ask(f"{path}?token={TOKEN}", referer, f"Cookie: session={TOKEN}") == 200
    assert sum(TOKEN in path for _method, path, _headers, _body in behind.seen) == len(paths)
    assert eventually(lambda: proxy.log().count("/take/") > 0)
    for part in ("/take/***", "/webhooks/smartrecruiters/***"):
        assert eventually(lambda part=part: part in proxy.log()), proxy.log()
    assert TOKEN not in proxy.log()


@pytest.mark.parametrize("run", RUN.values(), ids=RUN)
def test_errors_do_not_tell_them_either(run, tmp_path):
    """The application is away: proxies write errors then."""
    with kept_port() as nobody, run(tmp_path, nobody) as proxy:
        assert proxy.visitor().ask(f"/take/{TOKEN}/x") in (502, 503)
        assert eventually(lambda: "/take/***" in proxy.log()), proxy.log()
        assert proxy.process.terminate() == 0  # everything is written then
        assert TOKEN not in proxy.log()


def test_the_clients_address_is_the_real_one(proxy, behind):
    assert proxy.visitor("127.0.0.5").ask("/x", "X-Forwarded-For: 203.0.113.9") == 200
    _method, _path, headers, _body = behind.seen[-1]
    assert headers["X-Forwarded-For"] == "127.0.0.5"
    assert headers["X-Forwarded-Proto"] == "https"
    assert headers["X-Forwarded-Host"] == headers["Host"] == "assess.example.org"
    assert "127.0.0.5" in proxy.log()


def test_a_slow_body_does_not_reach_the_application(proxy, behind):
    body = b"x" * 50_000
    with proxy.visitor().connect() as connection:
        connection.sendall(head("/login", method="POST", length=len(body)) + body[:20_000])
        # Others are answered while it is on its way.
        assert proxy.visitor().ask("/quick") == 200
        assert [path for _method, path, _headers, _body in behind.seen] == ["/quick"]
        connection.sendall(body[20_000:])
        assert status(connection) == 200
    assert behind.seen[-1][3] == body


def test_a_body_that_is_too_large_is_refused(proxy, behind):
    body = b"x" * (2 << 20)
    with proxy.visitor().connect() as connection, suppress(OSError):  # it may be cut off at once
        connection.sendall(head("/login", method="POST", length=len(body)) + body)
        assert status(connection) in (0, 413, 502)  # Caddy 2.6 says 502
    assert proxy.visitor().ask("/after") == 200
    assert behind.seen[-1][1] == "/after"
    # Caddy 2.7 passes on its beginning, which the application refuses by its length.
    assert all(len(got) < len(body) for _method, _path, _headers, got in behind.seen)


def test_event_streams_are_not_held_back(proxy, behind):
    with proxy.visitor().connect() as connection:
        connection.sendall(head("/events"))
        answer = b""
        while FIRST not in answer:
            answer += connection.recv(4096)
        assert REST not in answer
        behind.go_on.set()
        while piece := connection.recv(4096):
            answer += piece
        assert REST in answer


def test_another_name_is_refused(proxy):
    with pytest.raises(OSError), proxy.visitor().connect("other.example.org") as connection:
        connection.sendall(head("/"))


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_what_operators_read_is_not_public(proxy, behind, path):
    assert proxy.visitor().ask(path) in (403, 404)
    assert behind.seen == []
