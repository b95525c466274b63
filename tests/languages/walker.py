"""Follows every link of every page, and reads what it gets."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from flask import Flask, request, request_finished
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from tests.languages.pseudo import LANGUAGE, Reader

DUTCH = {"HTTP_ACCEPT_LANGUAGE": LANGUAGE}
LINK = re.compile(r'\b(?:href|hx-get|src|data-endpoint)="([^"#]+)')
# Of pages that differ only in their data this many are enough.
ENOUGH = 2


@contextmanager
def listening(app: Flask, reader: Reader) -> Iterator[set[str]]:
    """Within the block the reader reads every page that the app answers with, whoever asked; the
    endpoints, as they come."""
    seen: set[str] = set()

    def read(_app: Flask, response: Response) -> None:
        if request.endpoint and request.method in ("GET", "POST") and response.status_code < 300:
            seen.add(request.endpoint)
        where = f"{request.method} {request.path}"
        if response.mimetype == "text/html" and response.status_code not in range(300, 400):
            reader.reads_page(where, response.get_data(as_text=True))
        elif response.mimetype == "text/csv" and request.endpoint == "jobs.export":
            cells = csv.reader(io.StringIO(response.get_data(as_text=True)), delimiter=";")
            reader.reads_all(where, [cell for row in cells for cell in row])
        elif response.mimetype == "application/json" and request.path.startswith("/take/"):
            reader.reads_all(where, response.json)

    # Other tests share the application: it must not go on reading theirs.
    with request_finished.connected_to(read, app):
        yield seen


def follow(browser: FlaskClient, often: Counter, *starts: str) -> None:
    """Every address that these pages lead to, and those lead to; ``often`` counts them by kind."""
    adapter = browser.application.url_map.bind("localhost")
    waiting, known = list(starts), set(starts)
    while waiting:
        path = waiting.pop(0)
        # The same address gives a page or its part; of a part it leads to the page.
        answer = None
        for headers in ({}, {"HX-Request": "true"}):
            if answer is not None and path not in starts and answer.status_code != 302:
                break
            answer = browser.get(path, headers=headers)
            if answer.mimetype != "text/html":
                break
            for link in LINK.findall(answer.text) + [answer.location or ""]:
                link = unescape(link).removeprefix("http://localhost")
                kind = _kind(adapter, link)
                if link in known or kind is None or often[kind] >= ENOUGH:
                    continue
                often[kind] += 1
                known.add(link)
                waiting.append(link)


def _kind(adapter, link: str) -> tuple | None:
    """The endpoint and the names of the query; None for what is no page of ours."""
    parts = urlsplit(link)
    asked = {name for name, _value in parse_qsl(parts.query)}
    if parts.netloc or not parts.path.startswith("/") or "language" in asked:
        return None
    try:
        endpoint, _values = adapter.match(parts.path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return None if endpoint == "static" else (endpoint, tuple(sorted(asked)))
