"""Posting a form as a member."""

from tests.world import csrf_token


def post(browser, path: str, **form):
    token = csrf_token(browser)
    answer = browser.post(path, data={"csrf_token": token} | form, follow_redirects=True)
    return answer
