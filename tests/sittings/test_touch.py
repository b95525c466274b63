"""No tap in a round leaves a game, and none answers twice: all games on a phone, by touch.

The suite walks one sitting of each game. ``make touch`` walks twenty of each, with more taps
(TOUCH_SITTINGS says how many).
"""

import os

import pytest
from playwright.sync_api import expect

from tests.instruments import players
from tests.services.browser import open_page
from tests.sittings import gaming
from tests.sittings import sitting as sit
from tests.sittings.tapping import HEIGHTS, PHONE, WATCH, Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.one_database]

SITTINGS = int(os.environ.get("TOUCH_SITTINGS") or 1)
TAPS = 30 if SITTINGS == 1 else 110
GAMES = [one.id for one in players.TASKS]


@pytest.mark.parametrize("seed", range(SITTINGS))
@pytest.mark.parametrize("game", GAMES)
def test_no_tap_leaves_a_game(site, browser, client, world, game, seed):
    person = sit.invite(world, assessment=game)
    with open_page(browser, **PHONE) as page:
        page.add_init_script(WATCH)
        page.clock.install()
        page.goto(site.url + person.path)
        page.get_by_role("button", name="Start").tap()
        page.wait_for_url("**/tasks/*")
        gaming.long_ago(person)  # the page's clock will run ahead of the server's
        expect(page.get_by_role("button", name="Try it out")).to_be_visible()
        walk = Walk(page, seed)
        walk.go(TAPS)
        assert walk.tapped
        if SITTINGS > 1 and game in ("n-back", "spotting", "switching"):
            assert all(heights == set(HEIGHTS) for heights in walk.tapped.values())
