"""A job's switch for attached reports, and what is attached."""

from tests.world import csrf


def switch(shown, on=True):
    """Press the switch on the job's page."""
    browser = shown.story.world.log_in(shown.story.world.bob)
    form = {"csrf_token": csrf(browser, "/jobs")} | ({"attach": "1"} if on else {})
    answer = browser.post(f"/jobs/{shown.story.job_id}/report", data=form)
    assert answer.status_code == 303
    return browser


def files(shown, candidate) -> list[dict]:
    return shown.story.profile(candidate)["attachments"]
