"""The link in a real browser: the live check moves by itself, and works without scripts too."""

import pytest
from playwright.sync_api import expect

from tests.services.browser import open_page

pytestmark = pytest.mark.browser


def to_the_check(page, site, admin, credential) -> None:
    """From the mail to the live check, as a person goes."""
    page.goto(site.url + admin.path)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Make a credential in SmartRecruiters")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Client ID", exact=True).fill(credential.client_id)
    page.get_by_label("Client Secret", exact=True).fill(credential.client_secret)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Trying it out")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_check_shows_its_outcome_by_itself(browser, admin, account, site, work, width):
    with open_page(browser, width) as page:
        to_the_check(page, site, admin, account.credential())
        expect(page.get_by_role("img", name="Busy")).to_be_visible()
        work()
        expect(page.get_by_text("SmartRecruiters is connected.")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("link", name="Continue").click()
        expect(page.get_by_role("heading", name="What happens next")).to_be_visible()


def test_without_scripts_the_page_reloads_itself(browser, admin, account, site, work):
    with open_page(browser, java_script_enabled=False) as page:
        to_the_check(page, site, admin, account.credential())
        work()
        expect(page.get_by_text("SmartRecruiters is connected.")).to_be_visible()


def test_the_secret_can_be_shown_while_typing_and_a_scope_copied(browser, admin, site):
    permissions = ["clipboard-read", "clipboard-write"]
    with open_page(browser, permissions=permissions) as page:
        page.goto(site.url + admin.path)
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Copy jobs_read").click()
        assert page.evaluate("navigator.clipboard.readText()") == "jobs_read"
        page.get_by_role("button", name="Copy all").click()
        assert page.evaluate("navigator.clipboard.readText()").split()[0] == "jobs_read"
        page.get_by_role("button", name="Continue").click()
        secret = page.get_by_label("Client Secret", exact=True)
        assert secret.get_attribute("type") == "password"
        page.get_by_role("button", name="Show Client Secret").click()
        assert secret.get_attribute("type") == "text"
