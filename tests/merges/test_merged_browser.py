"""Two profiles are merged in SmartRecruiters in the middle of a game, in Chromium."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from eqsr.core.db import transaction
from eqsr.invitations.models import InvitationState as State
from eqsr.jobs.models import Job
from tests.instruments.robots import ROBOTS
from tests.services.browser import open_page
from tests.sittings import gaming
from tests.sittings.browser_games import PHONE, begin, due, practise, press
from tests.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
GAME = "switching"


def test_merged_in_the_middle_of_a_game_the_result_reaches_the_profile_that_is_left(
    merging, site, browser, client
):
    story = merging.story
    with story.world.app.app_context(), transaction() as session:
        session.execute(update(Job).values(assessment=GAME))
    ada = merging.invited()
    person = merging.person()
    old = person.candidate
    with open_page(browser, **PHONE) as page:
        begin(page, site, person)
        gaming.long_ago(person)  # the page's clock will run ahead of the server's
        practise(page, person, GAME)
        trials = due(person, GAME)
        press(page, "Start")
        ROBOTS[GAME](page, trials[0], True, False)
        other = merging.profile()
        merging.merge(ada, other)
        for trial in trials[1:]:
            ROBOTS[GAME](page, trial, True, False)
        expect(page.get_by_text("Saved", exact=True)).to_be_visible()
        played = {one.trial_number for one in gaming.stored(person, GAME)}
        assert played == {trial.number for trial in trials}
        rest = [one for one in gaming.responses(person, GAME) if one["trial_number"] not in played]
        gaming.send_all(client, person, GAME, rest)
        page.reload()
        press(page, "Go on")
        expect(page.get_by_role("heading", name="Done")).to_be_visible()
        page.get_by_role("link", name="Continue").press("Enter")
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    merging.hear()
    assert [one.state for one in story.invitations()] == [State.COMPLETED]
    [note] = merging.notes(other)
    left = merging.candidates()[other["id"]].id
    assert f"/candidates/{left}" in note and len(story.mails()) == 1
    with open_page(browser, width=1280, height=800) as page:
        page.goto(f"{site.url}/candidates/{old}")
        page.get_by_label("Email").fill(story.world.bob)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        press(page, "Log in")
        page.wait_for_url(f"**/candidates/{left}")
        expect(page.get_by_role("heading", name="Ada Jansen")).to_be_visible()
        expect(page.get_by_text("Two profiles of this person were merged")).to_be_visible()
