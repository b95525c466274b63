"""What anybody may read about an instrument, and the command that proves instruments complete."""

import shutil

import pytest
from markupsafe import escape

from eqsr.instruments import catalogue

pytestmark = pytest.mark.one_database

INSTRUMENTS = catalogue.offered()


def test_every_instrument_has_a_page_open_to_anybody(client):
    overview = client.get("/instruments").text
    for one in INSTRUMENTS:
        assert f'href="/instruments/{one.id}"' in overview
        page = client.get(f"/instruments/{one.id}")
        assert page.status_code == 200
        for sentence in (one.purpose, *one.evidence, *one.limits, *one.accessibility):
            assert str(escape(sentence)) in page.text
        for scale in one.scales:
            assert str(escape(scale.low_pole)) in page.text
    assert client.get("/instruments/no-such-thing").status_code == 404


def test_who_is_logged_in_keeps_the_navigation(world):
    page = world.log_in(world.bob).get("/instruments/ferry").text
    assert 'href="/jobs"' in page


def test_checking_says_one_line_per_instrument(app):
    done = app.test_cli_runner().invoke(args=["instruments", "check"])
    lines = done.output.splitlines()
    assert done.exit_code == 0
    assert len(lines) == len(INSTRUMENTS)
    assert all(line.endswith(": complete") for line in lines)


@pytest.fixture
def broken(tmp_path, monkeypatch):
    for name in ("ferry", "work_style"):
        shutil.copytree(catalogue.FOLDER / name, tmp_path / name)
    (tmp_path / "work_style" / "explanations" / "en.json").unlink()
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    catalogue._versions.cache_clear()
    yield
    catalogue._versions.cache_clear()


def test_checking_fails_with_what_is_missing(app, broken):
    done = app.test_cli_runner().invoke(args=["instruments", "check"])
    assert done.exit_code == 1
    ferry, work_style = done.output.splitlines()
    assert ferry == "ferry: complete"
    assert "explanations" in work_style
