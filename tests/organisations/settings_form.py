"""The form of an organisation's settings."""

from tests.world import csrf

GOOD = {
    "name": "Northwind <Traders>",
    "language": "en",
    "time_zone": "America/New_York",
    "accent": "#0b6e4f",
}


def save(browser, **changes):
    form = {"csrf_token": csrf(browser, "/organisation")} | GOOD | changes
    return browser.post("/organisation", data=form)
