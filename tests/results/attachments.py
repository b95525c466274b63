"""A job's switch for attached reports, and what is attached."""

import requests

from tests.world import csrf_token


def switch(shown, on=True):
    """Press the switch on the job's page."""
    browser = shown.story.world.log_in(shown.story.world.bob)
    form = {"csrf_token": csrf_token(browser)} | ({"attach": "1"} if on else {})
    answer = browser.post(f"/jobs/{shown.story.job_id}/report", data=form)
    assert answer.status_code == 303
    return browser


def files(shown, candidate) -> list[dict]:
    return shown.story.profile(candidate)["attachments"]


def download(shown, file) -> bytes:
    """Open the file as a hiring manager does in the sandbox's pages."""
    address = f"{shown.story.box.url}/app/{shown.story.company}/attachments/{file['id']}"
    answer = requests.get(address, timeout=10)
    answer.raise_for_status()
    return answer.content
