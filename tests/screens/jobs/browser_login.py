"""Logging in with a browser."""

from playwright.sync_api import Page

from tests.world import PASSWORD


def log_in(page: Page, site, email: str) -> None:
    page.goto(f"{site.url}/jobs")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/jobs")
