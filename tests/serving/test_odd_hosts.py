"""Hosts as real servers hand them on. Each answer is a 400, and no log holds the path."""

import socket

import pytest

from tests.serving.conftest import Server
from tests.web.hosts import IMPOSSIBLE

pytestmark = pytest.mark.sqlite

ODD = {
    **{name: f"Host: {host}" for name, host in IMPOSSIBLE.items() if host == host.strip()},
    "no IPv6": "Host: [1:2:3]",
    "none": "X-Host: 127.0.0.1",
    "twice": "Host: 127.0.0.1\r\nHost: evil.example",
    "the same twice": "Host: 127.0.0.1\r\nhost: 127.0.0.1",
    "stranger": "Host: evil.example",
    "spoofed": "Host: evil.example\r\nX-Forwarded-Host: 127.0.0.1",
    "NUL": "Host: 127.0.0.1\x00",
    "escape": "Host: \x1b[31m",
    "folded": "Host: 127.0.0.1\r\n evil.example",
}


def ask(server: Server, head: str) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=15) as connection:
        connection.sendall(head.encode("utf-8") + b"\r\nConnection: close\r\n\r\n")
        came = b""
        while piece := connection.recv(65536):
            came += piece
    return came


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_odd_hosts_are_refused_and_their_path_is_not_logged(server):
    for version in ("1.1", "1.0"):
        for name, head in ODD.items():
            answer = ask(server, f"GET /take/the-token HTTP/{version}\r\n{head}")
            assert status(answer) == 400, (name, version, answer[:200])
    assert "the-token" not in server.process.output
    assert "Traceback" not in server.process.output


def test_a_target_with_a_host_of_its_own(server):
    mine = f"127.0.0.1:{server.port}"
    assert status(ask(server, f"GET http://{mine}/healthz HTTP/1.1\r\nHost: {mine}")) in (200, 404)
    bad = f"GET http://evil.example/take/the-token HTTP/1.1\r\nHost: {mine}"
    assert status(ask(server, bad)) in (400, 404)
    assert "the-token" not in server.process.output


def test_its_own_names(server):
    for host in ("127.0.0.1", f"127.0.0.1:{server.port}", "localhost", "LOCALHOST.", "[::1]:80"):
        assert status(ask(server, f"GET /login HTTP/1.1\r\nHost: {host}")) == 200, host


def test_load_balancers_name_no_host_or_their_own(server):
    for head in ("HTTP/1.0\r\nX: y", "HTTP/1.1\r\nHost: 10.1.2.3:8000", "HTTP/1.0\r\nHost:"):
        for path in ("/healthz", "/readyz"):
            assert status(ask(server, f"GET {path} {head}")) in (200, 503), (path, head)
