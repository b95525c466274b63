"""Logging in by the form."""

from tests.world import PASSWORD, csrf


def log_in(browser, email, password=PASSWORD, path="/login", **form):
    token = csrf(browser, path)
    form = {"email": email, "password": password, "csrf_token": token, **form}
    return browser.post("/login", data=form)
