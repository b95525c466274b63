"""Each game played in Chromium: phone and desktop, touch and keyboard, cut off and gone on."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from eqsr.assessments import tasks
from tests.assessments.arcade import Sitting, create_arcade, playable
from tests.assessments.robots import ROBOTS, ready
from tests.services.browser import chromium, open_page
from tests.services.site import free_port

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740, "has_touch": True, "is_mobile": True}
DESKTOP = {"width": 1280, "height": 800}
GAMES = [instrument.id for instrument in playable()]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@contextmanager
def arcade(**kind) -> Iterator[tuple[Flask, str]]:
    app, port = create_arcade(**kind), free_port()
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield app, f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def press(page: Page, name: str, keyboard: bool) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_be_enabled()
    if keyboard:
        button.focus()
        page.keyboard.press("Enter")
    else:
        button.click()


def practise(page: Page, sitting: Sitting, keyboard: bool, begun: bool = False) -> None:
    """Through instructions and practice, all of it right."""
    if not begun:
        press(page, "Try it out", keyboard)
    press(page, "Start", keyboard)
    shown = tasks.practice(sitting.instrument, sitting.seed + 1)
    engine = tasks.ENGINES[sitting.instrument.engine]
    parameters = {**sitting.instrument.parameters, **sitting.instrument.practice}
    trials = engine.generate(sitting.seed + 1, parameters)
    assert len(trials) == len(shown)
    rounds = set()
    for trial in trials:
        if sitting.instrument.engine in ("span", "n_back") and trial.round not in rounds:
            press(page, "Start", keyboard)
        rounds.add(trial.round)
        ROBOTS[sitting.instrument.id](page, trial, True, keyboard)
        if sitting.instrument.engine in ("span", "matrix"):
            expect(page.get_by_text("Correct", exact=True)).to_be_visible()
            press(page, "Next", keyboard)
    press(page, "Start", keyboard)


def play(
    page: Page,
    sitting: Sitting,
    keyboard: bool = False,
    right: Callable[[int], bool] = lambda number: True,
    until: int | None = None,
) -> None:
    """Play what is to do, round by round, up to a number of trials."""
    played = 0
    while todo := tasks.to_do(sitting.instrument, sitting.trials, sitting.responses):
        press(page, "Start", keyboard)
        for trial in todo:
            if played == until:
                ready(page, trial)
                return
            ROBOTS[sitting.instrument.id](page, trial, right(trial.number), keyboard)
            played += 1
        last = page.get_by_role("heading", name="Done").or_(
            page.get_by_role("button", name="Start", exact=True)
        )
        expect(last).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "keyboard"), [(PHONE, False), (DESKTOP, True)], ids=["phone", "keyboard"]
)
@pytest.mark.parametrize("game", GAMES)
def test_a_game_from_start_to_end(browser, game, size, keyboard):
    with arcade(seed=5, quick=True) as (app, url), open_page(browser, **size) as page:
        page.goto(f"{url}/play/{game}")
        press_ready = page.get_by_role("button", name="Try it out")
        expect(press_ready).to_be_visible()
        sitting = app.sittings[game]
        practise(page, sitting, keyboard)
        assert sitting.responses == []
        play(page, sitting, keyboard)
        expect(page.get_by_role("heading", name="Done")).to_be_visible()
        assert sitting.finished
        assert sitting.device["refresh_hz"] > 0
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        outcomes = tasks.validate(sitting.instrument, sitting.trials, sitting.responses).outcomes
        assert len(outcomes) == len(sitting.responses)
        assert all(outcome.correct for outcome in outcomes.values())
        assert all(response.shown_at > 0 for response in sitting.responses)
        first, again = sitting.result(), sitting.result()
        assert first == again


@pytest.mark.slow
@pytest.mark.parametrize("game", GAMES)
def test_a_game_that_is_cut_off_goes_on_where_it_stopped(browser, game):
    """The page is loaded anew in the middle of a round, and nothing that was done is lost."""
    with arcade(seed=6, quick=True) as (app, url), open_page(browser, **PHONE) as page:
        page.goto(f"{url}/play/{game}")
        expect(page.get_by_role("button", name="Try it out")).to_be_visible()
        sitting = app.sittings[game]
        practise(page, sitting, False)
        play(page, sitting, until=1)
        page.reload()
        press(page, "Go on", False)
        assert [response.trial_number for response in sitting.responses] == [1]
        play(page, sitting)
        expect(page.get_by_role("heading", name="Done")).to_be_visible()
        numbers = [response.trial_number for response in sitting.responses]
        assert numbers == sorted(set(numbers))
        assert not tasks.to_do(sitting.instrument, sitting.trials, sitting.responses)
        assert len({response.load for response in sitting.responses}) == 2


@pytest.mark.slow
def test_a_round_is_played_without_a_connection_and_sent_when_it_is_back(browser):
    with arcade(seed=7, quick=True) as (app, url), open_page(browser, **PHONE) as page:
        page.goto(f"{url}/play/switching")
        expect(page.get_by_role("button", name="Try it out")).to_be_visible()
        sitting = app.sittings["switching"]
        practise(page, sitting, False)
        page.context.set_offline(True)
        press(page, "Start", False)
        todo = tasks.to_do(sitting.instrument, sitting.trials, [])
        for trial in todo:
            ROBOTS["switching"](page, trial, True, False)
        expect(page.get_by_text("No connection.")).to_be_visible()
        assert sitting.responses == []
        kept = page.evaluate(
            "localStorage.getItem(Object.keys(localStorage).find(k => k.startsWith('played')))"
        )
        assert [one["trial_number"] for one in json.loads(kept)] == [t.number for t in todo]
        page.context.set_offline(False)
        expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
        assert len(sitting.responses) == len(todo)


@pytest.mark.slow
def test_crossings_used_up_survive_a_reload(browser):
    with arcade(seed=8, quick=True) as (app, url), open_page(browser, **DESKTOP) as page:
        page.goto(f"{url}/play/ferry")
        expect(page.get_by_role("button", name="Try it out")).to_be_visible()
        practise(page, app.sittings["ferry"], False)
        press(page, "Start", False)
        left = int(page.locator(".left-number").inner_text())
        press(page, "Cross empty", False)
        expect(page.locator(".left-number")).to_have_text(str(left - 1))
        page.reload()
        press(page, "Practise again", False)
        practise(page, app.sittings["ferry"], False, begun=True)
        press(page, "Start", False)
        expect(page.locator(".left-number")).to_have_text(str(left - 1))


@pytest.mark.slow
def test_leaving_the_page_is_counted_and_said(browser):
    with arcade(seed=9, quick=True) as (app, url), open_page(browser, **DESKTOP) as page:
        page.goto(f"{url}/play/spotting")
        expect(page.get_by_role("button", name="Try it out")).to_be_visible()
        sitting = app.sittings["spotting"]
        practise(page, sitting, False)
        press(page, "Start", False)
        first = tasks.to_do(sitting.instrument, sitting.trials, [])[0]
        expect(page.locator(".spot-pennants")).to_be_visible()
        page.evaluate("window.dispatchEvent(new Event('blur'))")
        ROBOTS["spotting"](page, first, True, False)
        expect(page.get_by_text("You left this page during a trial.")).to_be_visible()
        press(page, "Go on", False)
        expect(page.locator(".spot-pennants")).to_be_visible()
        expect(page.get_by_text("Saved")).to_be_visible()
        assert sitting.responses[0].focus_lost == 1
