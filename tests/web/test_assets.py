"""Static files: kept for ever under their version, asked again without it, and compressed."""

import gzip
import re

import pytest

pytestmark = pytest.mark.one_database

PACKED = {"Accept-Encoding": "gzip"}


def addresses(client, path: str = "/login") -> list[str]:
    page = client.get(path).text
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', page)


def test_everything_a_page_loads_is_kept_for_ever(client):
    found = addresses(client)
    assert len(found) > 2
    for address in found:
        with client.get(address) as answer:
            assert answer.status_code == 200
            assert "immutable" in answer.headers["Cache-Control"]


def test_what_anybody_may_keep_carries_nobodys_session(world):
    """A logged-in browser gets its cookie anew with each page, and keeps the rest all the same."""
    browser = world.log_in(world.alice)
    with browser.get("/jobs") as page:
        assert "session=" in page.headers["Set-Cookie"] and "Cookie" in page.headers["Vary"]
    colour = "/organisations/accent-1a6b5e.css"
    for address in [*addresses(browser, "/jobs"), "/static/app.js", colour]:
        with browser.get(address) as answer:
            assert answer.status_code == 200
            assert "Set-Cookie" not in answer.headers, address
            assert "Cookie" not in answer.headers.get("Vary", ""), address


def test_the_style_sheets_come_as_one_file(client):
    sheets = [address for address in addresses(client) if address.split("?")[0].endswith(".css")]
    assert [sheet.split("?")[0] for sheet in sheets] == ["/static/pages.css"]
    with client.get(sheets[0]) as whole:
        assert whole.mimetype == "text/css"
        for name in ("app", "components", "results"):
            with client.get(f"/static/{name}.css") as part:
                assert part.data in whole.data


def test_htmx_comes_only_where_parts_of_a_page_change(client, world):
    assert "/static/htmx.min.js" not in str(addresses(client))
    assert "/static/htmx.min.js" in world.log_in(world.alice).get("/jobs").text


def test_another_version_or_none_is_asked_for_again(client):
    for address in ("/static/app.css", "/static/pages.css", "/static/pages.css?v=older"):
        with client.get(address) as answer:
            assert answer.headers["Cache-Control"] == "no-cache"
            etag = answer.headers["ETag"]
        with client.get(address, headers={"If-None-Match": etag}) as again:
            assert again.status_code == 304


def test_who_can_read_gzip_gets_the_same_in_fewer_bytes(client):
    with client.get("/static/pages.css") as plain:
        text = plain.data
        assert "Content-Encoding" not in plain.headers
    packed = client.get("/static/pages.css", headers=PACKED)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(text) / 2
    assert gzip.decompress(packed.data) == text
    etag = packed.headers["ETag"]
    with client.get("/static/pages.css", headers=PACKED | {"If-None-Match": etag}) as again:
        assert again.status_code == 304


def test_a_page_with_its_secrets_is_not_compressed(client):
    assert "Content-Encoding" not in client.get("/login", headers=PACKED).headers


def test_the_first_load_is_light(client):
    """The budget of a page with all that it loads, over the wire."""
    sizes = [len(client.get("/login").data)]
    sizes += [len(client.get(address, headers=PACKED).data) for address in addresses(client)]
    assert sum(sizes) < 150_000
