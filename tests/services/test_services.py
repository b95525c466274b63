"""Tests of the helpers that could hide a fault if they were wrong."""

import subprocess
import sys
import threading
from contextlib import closing
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg
import pytest
from redis.exceptions import ConnectionError, TimeoutError

from tests.services.browser import chromium, open_page
from tests.services.databases import PostgresDatabase
from tests.services.postgres import postgres_server
from tests.services.processes import ROOT, eventually, running
from tests.services.redis import redis_server


def run_sql(url, statement):
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_databases_are_copies_of_one_that_is_migrated_once(tmp_path):
    migrated = []

    def migrate(url):
        migrated.append(url)
        run_sql(url, "CREATE TABLE thing (name text)")

    with postgres_server(tmp_path) as server:
        with postgres_server(tmp_path) as same:
            assert same.folder == server.folder
            one = same.database_url("one", migrate)
            run_sql(one, "INSERT INTO thing VALUES ('Łódź')")
        two = server.database_url("two", migrate)
        assert run_sql(two, "SELECT * FROM thing") == []
        assert run_sql(one, "SELECT upper(name) FROM thing") == [("ŁÓDŹ",)]
        assert run_sql(server.database_url("one", migrate), "SELECT * FROM thing") == []
        assert len(migrated) == 1

        server.stop()
        assert not server.answers()
        server.start()
        assert server.answers()
    assert not server.folder.exists()


def test_a_database_is_fresh_again_whatever_was_done_to_it(tmp_path):
    def migrate(url):
        run_sql(url, "CREATE TABLE thing (id int PRIMARY KEY)")
        run_sql(url, "CREATE TABLE part (thing int REFERENCES thing)")

    with (
        postgres_server(tmp_path) as server,
        closing(PostgresDatabase(server, "one", migrate)) as database,
    ):
        url = database()
        for harm in ("INSERT INTO part SELECT 7", "DROP TABLE part", "SELECT 1"):
            run_sql(url, "INSERT INTO thing VALUES (7)")
            run_sql(url, harm)
            assert database() == url
            assert run_sql(url, "SELECT * FROM thing") == run_sql(url, "SELECT * FROM part") == []


def test_redis_can_be_killed_frozen_and_wiped(tmp_path):
    with redis_server(tmp_path) as server, server.client(seconds=0.5) as client:
        client.set("name", "value")
        server.kill()
        with pytest.raises(ConnectionError):
            client.get("name")
        server.start()
        assert client.get("name") == "value"

        server.pause()
        with pytest.raises(TimeoutError):
            client.get("name")
        server.resume()
        assert client.get("name") == "value"
        server.wipe()
        assert client.get("name") is None


def is_alive(process: str) -> bool:
    shown = subprocess.run(["ps", "-o", "stat=", "-p", process], capture_output=True, text=True)
    return shown.stdout.strip()[:1] not in ("", "Z")


def test_program_is_waited_for_and_killed_with_its_children(tmp_path):
    script = (
        "import os, subprocess, sys; print('hello', os.environ['GREETED']);"
        "child = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE);"
        "print('child', child.pid); child.wait()"
    )
    command = [sys.executable, "-c", script]
    with running(command, tmp_path / "log", {"GREETED": "world"}) as process:
        process.wait_for_line("hello world")
        child = process.wait_for_line(r"child (?P<pid>\d+)")["pid"]
        with pytest.raises(AssertionError, match=r"did not give the line 'bye'(.|\n)*hello"):
            process.wait_for_line("bye", seconds=0.1)
    assert process.returncode < 0
    assert eventually(lambda: not is_alive(child))


def test_program_ends_with_tests_that_are_killed(tmp_path):
    script = (
        "import os, sys, time; from pathlib import Path; from tests.services.processes import *;"
        "started = Process([sys.executable, '-c', 'import time; time.sleep(60)'], Path('log'));"
        "print('started', started.pid); os.kill(os.getpid(), 9)"
    )
    command = [sys.executable, "-c", script]
    with running(command, tmp_path / "log", {"PYTHONPATH": str(ROOT)}, cwd=tmp_path) as tests:
        started = tests.wait_for_line(r"started (?P<pid>\d+)")["pid"]
        assert eventually(lambda: not is_alive(started))


def test_program_that_ends_too_early_is_reported_with_what_it_said(tmp_path):
    command = [sys.executable, "-c", "print('why'); raise SystemExit(3)"]
    complaint = pytest.raises(AssertionError, match=r"ended with 3 before(.|\n)*why")
    with running(command, tmp_path / "log") as process, complaint:
        process.wait_for_url("http://127.0.0.1:9")


class Site(BaseHTTPRequestHandler):
    """Serves the query string as a page."""

    def __init__(self, page: str, *arguments) -> None:
        self.page = page
        super().__init__(*arguments)

    def do_GET(self):
        self.send_response(200 if self.path == "/" else 422)
        self.send_header("Content-Security-Policy", "script-src 'self' 'nonce-x'")
        self.end_headers()
        self.wfile.write(self.page.encode())

    def log_message(self, *arguments):
        pass


def visit(page: str) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, page)) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        try:
            with chromium() as browser, open_page(browser, width=390) as tab:
                tab.goto(f"http://127.0.0.1:{site.server_port}/")
                tab.wait_for_load_state("networkidle")
                assert tab.get_by_role("heading").inner_text() == "Hello"
        finally:
            site.shutdown()


@pytest.mark.browser
def test_page_in_order_passes():
    visit("<h1>Hello</h1><img src='/answers-422'>")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("fault", "report"),
    [
        ("<script nonce='x'>throw new Error('broken')</script>", "script error: .*broken"),
        ("<script nonce='x'>console.error('bad')</script>", "console error: bad"),
        ("<script>1</script>", "console error: .*Content Security Policy"),
        ("<img src='http://example.invalid/x.png'>", "asked for http://example.invalid/x.png"),
    ],
)
def test_page_with_a_fault_fails(fault, report):
    with pytest.raises(AssertionError, match=report):
        visit(f"<h1>Hello</h1>{fault}")
