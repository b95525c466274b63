"""Posting a form as a member."""

from tests.world import csrf


def post(browser, path: str, **form):
    token = csrf(browser, "/jobs")
    answer = browser.post(path, data={"csrf_token": token} | form, follow_redirects=True)
    return answer
