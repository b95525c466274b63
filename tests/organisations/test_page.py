"""The organisation's settings, and what mails and candidates' pages make of them."""

import io
import re

import pytest

from tests.organisations.pictures import png
from tests.organisations.settings_form import GOOD, save
from tests.people import said_at
from tests.story import Story
from tests.world import csrf


@pytest.fixture
def admin(world):
    return world.log_in(world.alice)


def upload(browser, data: bytes):
    form = {"csrf_token": csrf(browser, "/organisation"), "logo": (io.BytesIO(data), "a.png")}
    return browser.post("/organisation/logo", data=form)


def test_settings_are_saved_and_shown(admin):
    assert save(admin).status_code == 303
    page = admin.get("/organisation").text
    assert "Northwind &lt;Traders&gt;" in page and "#0b6e4f" in page
    assert "America/New_York" in page and 'aria-current="page"' in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Give a name"),
        ({"name": "  "}, "Give a name"),
        ({"name": "x" * 201}, "Give a name"),
        ({"name": "a\x00b"}, "Give a name"),
        ({"language": "tlh"}, "one of the languages"),
        ({"time_zone": "Mars/Olympus"}, "a time zone of the list"),
        ({"time_zone": "../../etc/passwd"}, "a time zone of the list"),
        ({"accent": "#ffee00"}, "too light"),
        ({"accent": "blue"}, "six digits"),
    ],
)
def test_what_can_not_be_used_is_said_at_its_field_and_nothing_is_lost(admin, changes, sentence):
    answer = save(admin, **changes)
    assert answer.status_code == 422
    [field] = changes
    assert sentence in said_at(answer.text, field)
    assert GOOD["accent"] in answer.text or "accent" in changes
    assert GOOD["accent"] not in admin.get("/organisation").text


def test_reviewers_have_no_such_page(world):
    bob = world.log_in(world.bob)
    assert bob.get("/organisation").status_code == 404
    assert "/organisation" not in bob.get("/jobs").text


def test_a_logo_is_served_as_a_picture_and_nothing_else(admin, client):
    assert upload(admin, png()).status_code == 303
    address = re.search(r'src="(/organisations/[^"]+\.png)"', admin.get("/organisation").text)[1]
    picture = client.get(address)
    assert (picture.data, picture.mimetype) == (png(), "image/png")
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in picture.headers["Content-Security-Policy"]
    assert "immutable" in picture.headers["Cache-Control"]
    refused = upload(admin, b"GIF89a")
    assert refused.status_code == 422
    assert "is not a PNG file" in said_at(refused.text, "logo")
    assert (
        admin.post(
            "/organisation/logo/remove", data={"csrf_token": csrf(admin, "/organisation")}
        ).status_code
        == 303
    )
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("colour", ["ffee00", "x", "0b6e4f;}", "%00"])
def test_only_colours_that_are_taken_have_a_stylesheet(client, colour):
    assert client.get(f"/organisations/accent-{colour}.css").status_code == 404


def test_mails_and_candidates_pages_carry_the_looks(story: Story):
    admin = story.world.log_in(story.world.alice)
    assert save(admin, accent="#8a1c5b").status_code == 303
    assert upload(admin, png()).status_code == 303
    story.moves(story.applies())
    story.work()
    (mail,) = story.mails()
    assert "#8a1c5b" in mail["html"] and "cid:logo@mail" in mail["html"]
    assert "Northwind &lt;Traders&gt;" in mail["html"]
    assert not re.search(r"""(?:src|background)=["'](?!cid:)""", mail["html"])
    assert re.search(r"Open until: .*Eastern (Standard|Daylight) Time", mail["text"])
    link = re.search(r"http\S+/take/\S+", mail["text"])[0]
    page = story.world.app.test_client().get(link.split(str(story.site.url))[1]).text
    sheet = re.search(r'href="(/organisations/accent-8a1c5b\.css)"', page)[1]
    css = story.world.app.test_client().get(sheet)
    assert css.mimetype == "text/css" and "#8a1c5b" in css.text
    assert 'class="brand-logo"' in page
