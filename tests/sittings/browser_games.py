"""Playing a game in a browser."""

import re

from playwright.sync_api import Page, expect

from eqsr.instruments import tasks
from eqsr.instruments.tasks import Trial
from eqsr.sittings import score_store
from eqsr.sittings.records import instrument_of, responses_of
from tests.instruments import players
from tests.instruments.robots import ROBOTS, pass_time, ready, settle
from tests.sittings import gaming
from tests.sittings.sitting import Person

PHONE = {"width": 360, "height": 740, "has_touch": True, "is_mobile": True}
SOME = 6
GAMES = [one.id for one in players.TASKS]


def press(page: Page, name: str, keyboard: bool = False) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    settle(page, button)
    expect(button).to_be_enabled()
    if keyboard:
        button.focus()
        page.keyboard.press("Enter")
    else:
        button.click()


def begin(page: Page, site, person: Person, keyboard: bool = False) -> None:
    """From the link to the game's first screen."""
    page.clock.install()
    page.goto(site.url + person.path)
    start(page, keyboard)


def start(page: Page, keyboard: bool = False) -> None:
    press(page, "Start", keyboard)
    page.wait_for_url("**/tasks/*")
    expect(page.get_by_role("button", name="Try it out")).to_be_visible()


def practise(page: Page, person: Person, game: str, keyboard: bool = False) -> None:
    """Through instructions and practice, all of it right."""
    page.get_by_role("button", name=re.compile("Try it out|Practise again")).press("Enter")
    press(page, "Start", keyboard)
    rounds = set()
    for trial in _practice(person, game):
        if game in ("digit-span", "block-span", "n-back") and trial.round not in rounds:
            press(page, "Start", keyboard)
        rounds.add(trial.round)
        ROBOTS[game](page, trial, True, keyboard)
        if game in ("digit-span", "block-span", "matrix"):
            expect(page.get_by_text("Correct", exact=True)).to_be_visible()
            press(page, "Next", keyboard)
    past_feedback(page)
    press(page, "Start", keyboard)


def past_feedback(page: Page) -> None:
    """What came of the last trial is shown for a moment."""
    pass_time(page, page.get_by_role("heading", name="That was the practice"))


def due(person: Person, game: str) -> list[Trial]:
    with person.app.app_context():
        found = gaming.sitting(person, game)
        return tasks.to_do(instrument_of(found), score_store.trials_of(found), responses_of(found))


def _practice(person: Person, game: str) -> list[Trial]:
    """What the page shows for practice, with its keys."""
    with person.app.app_context():
        found = gaming.sitting(person, game)
        instrument = instrument_of(found)
        engine = tasks.ENGINES[instrument.engine]
        parameters = {**instrument.parameters, **instrument.practice}
        return engine.generate(found.seed + 1, parameters)


def play_some(page: Page, person: Person, game: str, keyboard: bool, cut: bool = False) -> None:
    """The first trials of the round that is due, all right; if it is to be cut, the page is loaded
    anew after the first one."""
    trials = due(person, game)
    press(page, "Start", keyboard)
    for trial in trials[:SOME]:
        ROBOTS[game](page, trial, True, keyboard)
        if cut and trial is trials[0] and len(trials) > 1:
            expect(page.get_by_text("Saved", exact=True)).to_be_visible()
            page.reload()
            press(page, "Go on")
            press(page, "Start")
    if len(trials) > SOME:
        ready(page, trials[SOME])
    else:
        pass_time(page, page.get_by_role("button", name="Start", exact=True))
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def rest_by_http(client, person: Person, game: str) -> None:
    given = gaming.responses(person, game)
    played = {one.trial_number for one in gaming.stored(person, game)}
    assert played
    rest = [one for one in given if one["trial_number"] not in played]
    gaming.send_all(client, person, game, rest)
