"""Every game in the sitting, in Chromium: touch on a phone, keyboard alone at a desk, cut off and
gone on, without a connection, and in two tabs.

The page's clock is moved on where somebody would only wait. Practice and the first trials of a
game are played in the browser, and the rest is sent by HTTP.
"""

import json
import re

import pytest
from playwright.sync_api import expect

from eqsr.instruments import tasks
from eqsr.invitations.models import InvitationState
from eqsr.sittings import score_store
from eqsr.sittings.records import instrument_of, responses_of
from tests.instruments.robots import ROBOTS, ready
from tests.services.browser import open_page
from tests.sittings import gaming
from tests.sittings import sitting as sit
from tests.sittings.browser_games import (
    GAMES,
    PHONE,
    begin,
    due,
    play_some,
    practise,
    press,
    rest_by_http,
    start,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESKTOP = {"width": 1280, "height": 800}


@pytest.mark.parametrize(
    ("size", "keyboard"), [(PHONE, False), (DESKTOP, True)], ids=["phone", "keyboard"]
)
def test_all_games_in_one_sitting(site, browser, client, world, size, keyboard):
    person = sit.invite(world, assessment="+".join(GAMES))
    with open_page(browser, **size) as page:
        page.clock.install()
        page.goto(site.url + person.path)
        for game in GAMES:
            start(page, keyboard)
            gaming.long_ago(person)  # the page's clock will run ahead of the server's
            expect(page.get_by_text("Stop here")).to_be_visible()
            practise(page, person, game, keyboard)
            assert gaming.stored(person, game) == []
            if size is PHONE:
                assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            play_some(page, person, game, keyboard, cut=size is PHONE)
            rest_by_http(client, person, game)
            page.reload()
            press(page, "Go on", keyboard)
            expect(page.get_by_role("heading", name="Done")).to_be_visible()
            expect(page.get_by_text("Stop here")).to_be_hidden()
            page.get_by_role("link", name="Continue").press("Enter")
            page.wait_for_url(re.compile(f"{person.path}(/done)?$"))
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert sit.invitation(person).state == InvitationState.COMPLETED
    with person.app.app_context():
        for game in GAMES:
            found = gaming.sitting(person, game)
            outcomes = tasks.validate(
                instrument_of(found), score_store.trials_of(found), responses_of(found)
            ).outcomes
            assert all(outcome.correct for outcome in outcomes.values()), game
            assert found.device_facts["width"] == size["width"]
            assert [flag["sentence"] for flag in found.quality] == [], game
    assert all(one.outcome["interpretable"] for one in sit.scores(person))


def test_a_round_is_played_without_a_connection_and_sent_when_it_is_back(
    site, browser, client, world
):
    person = sit.invite(world, assessment="switching")
    with open_page(browser, **PHONE) as page:
        begin(page, site, person)
        practise(page, person, "switching")
        page.context.set_offline(True)
        trials = due(person, "switching")
        press(page, "Start")
        for trial in trials:
            ROBOTS["switching"](page, trial, True, False)
        expect(page.get_by_text("No connection.")).to_be_visible()
        assert gaming.stored(person, "switching") == []
        kept = page.evaluate(
            "localStorage.getItem(Object.keys(localStorage).find(k => k.startsWith('played')))"
        )
        assert [one["trial_number"] for one in json.loads(kept)] == [t.number for t in trials]
        page.context.set_offline(False)
        expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
        assert len(gaming.stored(person, "switching")) == len(trials)


def test_crossings_used_up_survive_a_reload(site, browser, client, world):
    person = sit.invite(world, assessment="ferry")
    with open_page(browser, **DESKTOP) as page:
        begin(page, site, person)
        practise(page, person, "ferry")
        press(page, "Start")
        left = int(page.locator(".left-number").inner_text())
        press(page, "Cross empty")
        expect(page.locator(".left-number")).to_have_text(str(left - 1))
        page.reload()
        practise(page, person, "ferry")
        press(page, "Start")
        expect(page.locator(".left-number")).to_have_text(str(left - 1))


def test_leaving_the_page_is_counted_and_said(site, browser, client, world):
    person = sit.invite(world, assessment="spotting")
    with open_page(browser, **DESKTOP) as page:
        begin(page, site, person)
        practise(page, person, "spotting")
        first = due(person, "spotting")[0]
        press(page, "Start")
        ready(page, first)
        page.evaluate("window.dispatchEvent(new Event('blur'))")
        ROBOTS["spotting"](page, first, True, False)
        expect(page.get_by_text("You left this page during a trial.")).to_be_visible()
        press(page, "Go on")
        expect(page.locator(".spot-pennants")).to_be_visible()
        expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert gaming.stored(person, "spotting")[0].focus_lost == 1


def test_of_two_tabs_the_one_that_was_opened_last_plays(site, browser, client, world):
    person = sit.invite(world, assessment="spotting")
    with open_page(browser, **DESKTOP) as old:
        begin(old, site, person)
        practise(old, person, "spotting")
        first, second = due(person, "spotting")[:2]
        press(old, "Start")
        ROBOTS["spotting"](old, first, True, False)
        ready(old, second)
        expect(old.get_by_text("Saved", exact=True)).to_be_visible()
        new = old.context.new_page()
        new.goto(old.url)
        expect(old.get_by_text("You opened this in another window too")).to_be_visible()
        old.keyboard.press("ArrowLeft")
        press(new, "Go on")
        press(new, "Start")
        ROBOTS["spotting"](new, second, True, False)
        expect(new.get_by_text("Saved", exact=True)).to_be_visible()
        press(old, "Go on")
        expect(old.get_by_role("heading", name="Welcome back")).to_be_visible()
        expect(new.get_by_text("You opened this in another window too")).to_be_visible()
    kept = gaming.stored(person, "spotting")
    assert [one.trial_number for one in kept] == [first.number, second.number]
