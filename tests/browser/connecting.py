"""Connecting a job to a stage by keyboard alone."""

import re

from playwright.sync_api import Page, expect

from tests.browser.people import says, tab_to

ATS_JOB, REFERENCE = "Java Developer", "REF172G"
STAGE = "In review: Assessment"


def connect_by_keyboard(recruiter: Page) -> None:
    """From the overview into the dialog, through it and back, without a mouse."""
    keys = recruiter.keyboard
    recruiter.reload()  # the focus begins at the top
    tab_to(recruiter, recruiter.get_by_role("button", name="Connect"))
    keys.press("Enter")
    dialog = recruiter.get_by_role("dialog")
    search = dialog.get_by_label("SmartRecruiters job")
    expect(search).to_be_focused()
    for text, found in (("java dev", 2), (REFERENCE, 1), ("java developer", 2)):
        keys.press("Control+A")
        keys.type(text)
        expect(dialog.get_by_role("radio")).to_have_count(found)
    results = dialog.get_by_role("radio")
    tab_to(recruiter, results)
    keys.press("Space")
    wanted = dialog.get_by_role("radio", name=re.compile(REFERENCE))
    if not wanted.is_checked():
        keys.press("ArrowDown")
    expect(wanted).to_be_checked()
    stage = dialog.get_by_label("Invitation stage")
    expect(stage).to_be_visible()
    expect(dialog.get_by_text(re.compile(r"Assessment · \d+ now"))).not_to_have_count(0)
    tab_to(recruiter, stage)
    keys.type(STAGE)
    chosen = stage.evaluate("one => one.selectedOptions[0].textContent.trim()")
    assert chosen.startswith(STAGE)
    tab_to(recruiter, dialog.get_by_role("button", name="Connect", exact=True))
    keys.press("Enter")
    expect(dialog).to_have_count(0)
    says(recruiter, STAGE)
    expect(recruiter.get_by_role("button", name="Change")).to_be_focused()
