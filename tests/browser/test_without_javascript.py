"""A candidate whose browser runs no scripts gets the same assessment."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import INSTRUMENT, answer_everything, phone, press, says
from tests.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_candidate_without_javascript(browser: Browser, story: Story):
    ada = story.applies()
    story.moves(ada)
    story.work()
    [mail] = story.mails("ada@example.org")
    link = next(word for word in mail["text"].split() if word.startswith(story.site.url))
    with phone(browser, java_script_enabled=False) as candidate:
        candidate.goto(link)
        says(candidate, "invites you to a short questionnaire")
        press(candidate, "Start")
        expect(candidate.get_by_text("Saved", exact=True)).to_have_count(0)
        answer_everything(candidate, reads=False)
        press(candidate, "Finish")
        says(candidate, "Thank you")
    story.work()
    [note] = story.profile(ada)["notes"]
    for scale in INSTRUMENT.scales:
        assert f"{scale.name}: " in note["content"]
    assert "not interpretable" not in note["content"]
    assert "View details: " in note["content"]
