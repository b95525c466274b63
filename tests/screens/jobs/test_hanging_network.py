"""A recruiter's network that hangs: searching in Connect, *Connect*, what asks by itself, and plain
forms. Each time a sentence, a button that works again, and nothing done twice."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from eqsr.core.db import db
from eqsr.jobs.models import Job, StageLink
from tests.screens.jobs.browser_login import log_in
from tests.screens.jobs.dialog import pick_stage
from tests.services.browser import open_page
from tests.services.hanging import Fate, hanging_network
from tests.services.pressing import HURRIED, arrives, in_vain
from tests.services.processes import eventually

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.one_database]

FAILED = "That did not work. Check your connection and try again."
SAID_BY_HTMX = ("htmx:timeout", "htmx:sendError", "htmx:responseError", "Response Status Error")
TIMEOUT_MS = 20_000


@pytest.fixture
def network(site):
    with hanging_network(site.settings.port) as standing:
        yield standing


@pytest.fixture
def page(browser, network, desk):
    """Bob's, on a phone, with htmx's patience shortened once it was seen that there is any."""
    desk.customer.opens("Baker")
    desk.customer.mirror()
    desk.creates("Bakers")
    with open_page(browser, 390, 844, expected=SAID_BY_HTMX) as page:
        page.add_init_script(HURRIED)
        log_in(page, network, desk.world.bob)
        hurry(page)
        yield page


def hurry(page: Page) -> None:
    assert page.evaluate("htmx.config.timeout") == TIMEOUT_MS
    page.evaluate("htmx.config.timeout = 1500")


def told(place: Page | Locator, sentence: str) -> None:
    expect(place.get_by_text(sentence)).to_be_visible()


@pytest.mark.parametrize("fate", [Fate.SWALLOWED, Fate.HALF])
def test_searching_and_connecting(page, network, desk, fate):
    page.get_by_role("button", name="Connect").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Read from SmartRecruiters")).to_be_visible()
    search = dialog.get_by_label("SmartRecruiters job")

    network.hang("GET .*/connect/jobs", fate, times=1)
    search.press_sequentially("bak")
    told(dialog, FAILED)
    search.press_sequentially("e")
    expect(dialog.get_by_text("1 job found")).to_be_visible()

    network.hang("GET .*/connect/stages", fate, times=1)
    dialog.get_by_role("radio", name="Baker").check()
    told(dialog, FAILED)
    search.fill("")
    dialog.get_by_role("radio", name="Nurse").check()
    pick_stage(dialog, "Interview: On-site")

    network.hang("POST .*/connect$", fate, times=1)
    connect = dialog.get_by_role("button", name="Connect", exact=True)
    connect.click()
    told(dialog, FAILED)
    expect(page.locator("[data-busy]")).to_have_count(0)
    connect.click()
    expect(dialog).to_have_count(0)
    expect(page.locator("tbody")).to_contain_text("Nurse")
    with desk.app.app_context():
        assert db.session.scalar(select(func.count(StageLink.id))) == 1


def test_creating_a_job(page, network, desk):
    page.goto(f"{network.url}/jobs/new")
    page.get_by_label("Title").fill("Drivers")
    in_vain(page, network, "Create job", "/jobs/new", Fate.UNANSWERED)
    arrives(page, "/jobs$", "Create job")
    expect(page.get_by_text("Drivers")).to_be_visible()
    with desk.app.app_context():
        assert db.session.scalar(select(func.count(Job.id)).where(Job.title == "Drivers")) == 1


@pytest.mark.parametrize("fate", [Fate.SWALLOWED, Fate.PORTAL, Fate.HALF])
def test_what_asks_by_itself_asks_again(page, network, desk, fate):
    """The numbers of candidates per stage come one after the other, each answer asking for more."""
    page.get_by_role("button", name="Connect").click()
    dialog = page.get_by_role("dialog")
    network.hang("GET .*/connect/counts", fate, times=2)
    dialog.get_by_role("radio", name="Nurse").check()
    told(dialog, FAILED)
    assert eventually(lambda: len(network.met) == 2)
    expect(dialog.locator("#stage-counts[hx-get]")).to_have_count(0)


def test_an_error_is_told_in_the_servers_words(page, network, desk):
    page.get_by_role("button", name="Connect").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Read from SmartRecruiters")).to_be_visible()
    page.evaluate("document.querySelector('meta[name=csrf-token]').content = 'of another session'")
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach((one) => one.remove())")
    dialog.get_by_role("radio", name="Nurse").check()
    pick_stage(dialog, "Interview: On-site")
    dialog.get_by_role("button", name="Connect", exact=True).click()
    told(dialog, "This form was open for too long. Go back, reload the page and try again.")


def test_a_browser_without_dialogs_opens_the_page(page, network, desk):
    page.add_init_script("delete HTMLDialogElement.prototype.showModal")
    page.reload()
    page.get_by_role("button", name="Connect").click()
    expect(page).to_have_url(re.compile("/connect"))
    expect(page.get_by_label("SmartRecruiters job")).to_be_visible()
