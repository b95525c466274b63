"""The Connect dialog on a slow network: answers come late and in another order, and the choice of
a person stays."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.screens.jobs.browser_login import log_in
from tests.services.browser import open_page

pytestmark = pytest.mark.browser

LATE = 2.0


@pytest.fixture
def slow(desk, site, browser):
    """A dialog of a new job, open; and a function that holds answers back until they are let go."""
    desk.customer.opens("Baker")
    desk.customer.mirror()
    desk.creates("Bakers")

    @contextmanager
    def opened(width: int = 1280, height: int = 800) -> Iterator[Page]:
        with open_page(browser, width, height) as page:
            log_in(page, site, desk.world.bob)
            page.get_by_role("button", name="Connect").click()
            expect(page.get_by_text("Read from SmartRecruiters")).to_be_visible()
            yield page

    return opened


class Gate:
    """Requests to matching addresses wait here until they are let go on."""

    def __init__(self, page: Page, pattern: str) -> None:
        self._page = page
        self._open = False
        self._held: list[Route] = []
        page.route(pattern, self._take)

    def _take(self, route: Route) -> None:
        if self._open:
            route.continue_()
        else:
            self._held.append(route)

    def wait_for(self, number: int = 1) -> None:
        for _turn in range(300):
            if len(self._held) >= number:
                return
            self._page.wait_for_timeout(50)
        raise AssertionError(f"{len(self._held)} requests, not {number}")

    def open(self) -> None:
        """Those that wait go on, the last one first, and whatever comes later."""
        self._open = True
        for route in reversed(self._held):
            with suppress(Error):  # the page itself has given it up
                route.continue_()


def on_site(desk) -> str:
    """The stage's value; its words change when it is known how many are there."""
    return str(desk.stage("INTERVIEW: On-site").id)


def dialog_of(page: Page):
    return page.get_by_role("dialog")


SEARCH, STAGES = "**/connect/jobs?**", "**/connect/stages?**"


def test_a_search_under_way_does_not_take_the_choice_away(slow, desk):
    with slow() as page:
        dialog = dialog_of(page)
        gate = Gate(page, SEARCH)
        dialog.get_by_label("SmartRecruiters job").fill("java")
        gate.wait_for()
        dialog.get_by_role("radio", name="Nurse").check()
        stage = dialog.get_by_label("Invitation stage")
        expect(stage).to_be_visible()
        stage.select_option(on_site(desk))
        gate.open()
        page.wait_for_timeout(500)  # an answer that must change nothing has no sign to wait for
        expect(dialog.get_by_role("radio", name="Nurse")).to_be_checked()
        expect(stage.locator("option:checked")).to_contain_text("Interview: On-site")


def test_a_search_asked_for_just_before_the_click_keeps_the_choice(slow, desk):
    """The field waits for a quarter of a second before it asks; the click falls into that."""
    with slow() as page:
        dialog = dialog_of(page)
        gate = Gate(page, STAGES)
        dialog.get_by_label("SmartRecruiters job").fill("java")
        dialog.get_by_role("radio", name="Nurse").check()
        expect(dialog.get_by_text("1 job found")).to_be_visible()
        expect(dialog.get_by_role("radio", name="Nurse")).to_be_checked()
        expect(dialog.get_by_text("Reading the stages…")).to_be_visible()
        gate.open()
        expect(dialog.get_by_label("Invitation stage")).to_be_visible()
        expect(dialog.get_by_text("Reading the stages…")).to_be_hidden()
        expect(dialog.get_by_role("radio", name="Nurse")).to_be_checked()


def test_the_last_of_two_choices_counts_whatever_answers_first(slow, desk):
    with slow() as page:
        dialog = dialog_of(page)
        gate = Gate(page, STAGES)
        dialog.get_by_role("radio", name="Nurse").check()
        gate.wait_for()
        dialog.get_by_role("radio", name="Baker").check()
        gate.wait_for(2)
        gate.open()
        stage = dialog.get_by_label("Invitation stage")
        expect(stage).to_be_visible()
        stage.select_option(on_site(desk))
        page.wait_for_timeout(500)  # as above
        expect(stage.locator("option:checked")).to_contain_text("Interview: On-site")
        dialog.get_by_role("button", name="Connect").click()
        expect(dialog).to_have_count(0)
        expect(page.locator("tbody")).to_contain_text("Baker")
        expect(page.locator("tbody")).to_contain_text("Interview: On-site")


def test_a_reading_that_ends_late_keeps_the_choice_and_brings_the_news(slow, desk):
    with slow() as page:
        dialog = dialog_of(page)
        desk.customer.set_connection(refreshed_at=None)
        desk.customer.opens("Missed job")
        (process,) = desk.customer.processes()
        sub_statuses = process["subStatuses"] | {"IN_REVIEW": ["Assessment", "Trial day"]}
        desk.customer.changes_process(process["id"], subStatuses=sub_statuses)
        gate = Gate(page, "**/connect/refresh")
        dialog.get_by_role("button", name="Refresh").click()
        gate.wait_for()
        dialog.get_by_role("radio", name="Nurse").check()
        stage = dialog.get_by_label("Invitation stage")
        stage.select_option(on_site(desk))
        gate.open()
        expect(dialog.get_by_role("radio", name="Missed job")).to_be_visible()
        expect(stage.locator("option", has_text="Trial day")).to_have_count(1)
        expect(dialog.get_by_role("radio", name="Nurse")).to_be_checked()
        expect(stage.locator("option:checked")).to_contain_text("Interview: On-site")


@pytest.mark.parametrize(("width", "height"), [(390, 700), (1280, 800)])
def test_an_error_is_in_sight_at_its_field_and_goes_with_the_next_choice(slow, desk, width, height):
    with slow(width, height) as page:
        dialog = dialog_of(page)
        dialog.get_by_role("button", name="Connect").click()
        alert = dialog.get_by_role("alert")
        expect(alert).to_contain_text("Choose a SmartRecruiters job first.")
        expect(alert).to_be_in_viewport(ratio=1)
        expect(dialog.get_by_label("SmartRecruiters job")).to_be_focused()
        dialog.get_by_role("radio", name="Nurse").check()
        expect(alert).to_have_count(0)
        stage = dialog.get_by_label("Invitation stage")
        expect(stage).to_be_visible()
        dialog.get_by_role("button", name="Connect").click()
        expect(alert).to_contain_text("Choose an invitation stage.")
        expect(alert).to_be_in_viewport(ratio=1)
        expect(stage).to_be_focused()
        expect(stage).to_be_in_viewport(ratio=1)
        expect(stage).to_have_attribute("aria-invalid", "true")
        stage.select_option(on_site(desk))
        expect(alert).to_have_count(0)
        dialog.get_by_text("Assessment and waiting time").click()
        dialog.get_by_label("Minutes to wait after a move").fill("-3")
        dialog.get_by_text("Assessment and waiting time").click()
        dialog.get_by_role("button", name="Connect").click()
        expect(alert).to_contain_text("0 to 1440 minutes")
        expect(dialog.get_by_label("Minutes to wait after a move")).to_be_focused()
        expect(alert).to_be_in_viewport(ratio=1)


def test_with_two_seconds_of_latency_the_whole_way(slow, desk):
    with slow() as page:
        dialog = dialog_of(page)
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        conditions = {"offline": False, "latency": LATE * 1000}
        conditions |= {"downloadThroughput": -1, "uploadThroughput": -1}
        network.send("Network.emulateNetworkConditions", conditions)
        dialog.get_by_label("SmartRecruiters job").press_sequentially("ba", delay=50)
        dialog.get_by_role("radio", name="Nurse").check()
        expect(dialog.get_by_text("Reading the stages…")).to_be_visible()
        stage = dialog.get_by_label("Invitation stage")
        expect(stage).to_be_visible()
        stage.select_option(on_site(desk))
        dialog.get_by_label("SmartRecruiters job").fill("bak")
        expect(dialog.get_by_text("1 job found")).to_be_visible()
        expect(dialog.get_by_role("radio", name="Nurse")).to_be_checked()
        expect(stage.locator("option:checked")).to_contain_text("Interview: On-site")
        dialog.get_by_role("button", name="Connect").click()
        expect(dialog).to_have_count(0)
        expect(page.locator("tbody")).to_contain_text("Nurse")


def test_after_connecting_the_page_says_what_happens_now(browser, site, desk):
    with open_page(browser) as page:
        log_in(page, site, desk.world.bob)
        page.goto(f"{site.url}/jobs/new")
        page.get_by_label("Title").fill("Bakers")
        page.get_by_role("button", name="Create job").click()
        expect(page.get_by_text("Connect it to SmartRecruiters next.")).to_be_visible()
        page.get_by_role("button", name="Connect").click()
        dialog = dialog_of(page)
        dialog.get_by_role("radio", name="Nurse").check()
        dialog.get_by_label("Invitation stage").select_option(on_site(desk))
        dialog.get_by_role("button", name="Connect").click()
        expect(dialog).to_have_count(0)
        expect(page.get_by_text("Connect it to SmartRecruiters next.")).to_have_count(0)
        expect(page.get_by_text("The job is connected.")).to_be_visible()
        expect(page.get_by_text("from now on are invited automatically")).to_be_visible()
