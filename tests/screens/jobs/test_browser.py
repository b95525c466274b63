"""The recruiter's way from an empty overview to a connected job, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from eqsr.connections import search
from tests.screens.jobs.browser_login import log_in
from tests.screens.jobs.dialog import pick_stage
from tests.services.browser import open_page

pytestmark = pytest.mark.browser


def focused(page: Page) -> str:
    """What the keyboard acts on: its text or value."""
    return page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control with this name has the focus."""
    control = page.get_by_label(name).or_(page.get_by_role("button", name=name, exact=True))
    control = control.or_(page.locator("summary", has_text=name))
    control = control.or_(page.get_by_role("link", name=name, exact=True)).first
    for _press in range(30):
        page.keyboard.press("Tab")
        if control.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never reaches {name}; the focus is on {focused(page)}")


@pytest.mark.parametrize("width", [390, 1280])
def test_with_the_keyboard_alone(browser, site, world, customer, width):
    java = customer.opens("Java Developer <script>alert(1)</script>")
    customer.gets_candidates(java, 2, status="IN_REVIEW", subStatus="Assessment")
    customer.mirror()
    with open_page(browser, width) as page:
        log_in(page, site, world.alice)
        tab_to(page, "Create a Job")
        page.keyboard.press("Enter")
        tab_to(page, "Assessment (ATS integration)")
        page.keyboard.press("Space")
        tab_to(page, "Title")
        page.keyboard.type("Bakers")
        page.keyboard.press("Enter")
        page.wait_for_url("**/jobs")
        tab_to(page, "Connect")
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_label("SmartRecruiters job")).to_be_focused()
        with page.expect_response(lambda one: one.url.endswith("developer%20java%20script")):
            page.keyboard.type("developer java script")
        expect(dialog.get_by_text("1 job found")).to_be_visible()
        # Enter searches; it does not send the dialog off half-filled.
        before = dialog.get_by_role("radio").element_handle()
        page.keyboard.press("Enter")
        page.wait_for_function("radio => !radio.isConnected", arg=before)
        expect(dialog.get_by_role("alert")).to_have_count(0)
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        stage = dialog.get_by_label("Invitation stage")
        expect(stage).to_be_visible()
        expect(stage).to_contain_text("In review: Assessment · 2 now")
        page.keyboard.press("Tab")
        expect(stage).to_be_focused()
        expect(stage).to_be_in_viewport(ratio=1)
        with page.expect_response("**/connect/present?**"):
            page.keyboard.type("In review: Assess")
            page.keyboard.press("Tab")
        expect(dialog.get_by_text("2 people are in this stage already")).to_be_visible()
        expect(dialog.get_by_role("radio", name="Invite none of them")).to_be_checked()
        tab_to(page, "Invite none of them")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(dialog.get_by_role("radio", name="Invite all 2")).to_be_checked()
        tab_to(page, "Assessment and waiting time")
        page.keyboard.press("Enter")
        tab_to(page, "Minutes to wait after a move")
        page.keyboard.type("5")
        tab_to(page, "Cancel")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(dialog).to_have_count(0)
        expect(page.get_by_role("button", name="Change")).to_be_focused()
        expect(page.locator("tbody")).to_contain_text("In review: Assessment")
        expect(page.locator("tbody")).to_contain_text("Open")
        page.keyboard.press("Enter")
        expect(stage).to_have_value(re.compile("."))
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(page.get_by_role("button", name="Change")).to_be_focused()
        page.get_by_role("link", name="Bakers").click()
        expect(page.get_by_text("waits 5 minutes after the move")).to_be_visible()
        expect(page.get_by_text("Those who were there already are being invited.")).to_be_visible()


def test_on_the_jobs_own_page_the_card_and_the_state_change_in_place(
    browser, site, world, customer
):
    with open_page(browser) as page:
        log_in(page, site, world.bob)
        page.get_by_role("link", name="Create a Job").click()
        page.get_by_label("Title").fill("Bakers")
        page.get_by_role("button", name="Create job").dblclick()
        page.wait_for_url("**/jobs")
        expect(page.get_by_role("button", name="Connect")).to_have_count(1)
        page.get_by_role("link", name="Bakers").click()
        page.get_by_role("button", name="Connect").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Connect").click()
        expect(dialog.get_by_role("alert")).to_contain_text("Choose a SmartRecruiters job first")
        dialog.get_by_role("radio", name="Nurse").check()
        dialog.get_by_label("Invitation stage").select_option(index=2)
        expect(dialog.get_by_role("alert")).to_have_count(0)
        dialog.get_by_role("button", name="Connect").click()
        expect(dialog).to_have_count(0)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Open")
        expect(page.get_by_text("Nurse")).to_be_visible()
        page.get_by_role("button", name="Disconnect").click()
        dialog.get_by_role("button", name="Disconnect").click()
        expect(dialog).to_have_count(0)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Draft")
        expect(page.get_by_role("button", name="Connect")).to_be_visible()


def test_typing_on_keeps_the_choice_until_another_is_made(browser, site, world, customer):
    with open_page(browser) as page:
        log_in(page, site, world.bob)
        page.goto(f"{site.url}/jobs/new")
        page.get_by_label("Title").fill("Bakers")
        page.get_by_role("button", name="Create job").click()
        page.get_by_role("button", name="Connect").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("radio", name="Nurse").check()
        expect(dialog.get_by_label("Invitation stage")).to_be_visible()
        pick_stage(dialog, "Interview: On-site")
        dialog.get_by_label("SmartRecruiters job").fill("java")
        expect(dialog.get_by_text("1 job found")).to_be_visible()
        expect(dialog.get_by_role("radio", name="Nurse")).to_be_checked()
        expect(dialog.get_by_label("Invitation stage").locator("option:checked")).to_contain_text(
            "Interview: On-site"
        )
        dialog.get_by_role("radio", name="Java Developer").check()
        expect(dialog.get_by_role("radio", name="Nurse")).not_to_be_checked()
        # The stage is the same in every job: it stays picked.
        with page.expect_response("**/connect"):
            dialog.get_by_role("button", name="Connect").click()
        expect(dialog).to_have_count(0)
        expect(page.locator("tbody")).to_contain_text("Java Developer")
        expect(page.locator("tbody")).to_contain_text("Interview: On-site")


@pytest.mark.parametrize("presses", [1, 2])
def test_connect_waits_for_stages_that_are_being_read(browser, site, world, customer, presses):
    with open_page(browser) as page:
        log_in(page, site, world.bob)
        page.goto(f"{site.url}/jobs/new")
        page.get_by_label("Title").fill("Bakers")
        page.get_by_role("button", name="Create job").click()
        page.get_by_role("button", name="Connect").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("radio", name="Nurse").check()
        pick_stage(dialog, "Interview: On-site")
        held, sent = [], []
        page.route("**/connect/stages?**", lambda route: held.append(route))
        page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
        with page.expect_request("**/connect/stages?**"):
            dialog.get_by_role("radio", name="Java Developer").check()
        for _press in range(presses):
            dialog.get_by_role("button", name="Connect").click()
        with page.expect_response("**/connect"):
            held.pop().continue_()
        expect(dialog).to_have_count(0)
        expect(page.locator("tbody")).to_contain_text("Java Developer")
        assert len([url for url in sent if url.endswith("/connect")]) == 1


def test_answers_that_come_too_late_are_let_go(browser, site, world, customer):
    customer.fails("slow", "/candidates", delay_seconds=5)
    with open_page(browser) as page:
        log_in(page, site, world.bob)
        page.goto(f"{site.url}/jobs/new")
        page.get_by_label("Title").fill("Bakers")
        page.get_by_role("button", name="Create job").click()
        page.get_by_role("button", name="Connect").click()
        dialog = page.get_by_role("dialog")
        with page.expect_request("**/connect/counts?**"):
            dialog.get_by_role("radio", name="Nurse").check()
        with page.expect_event("requestfailed", lambda one: "/connect/counts?" in one.url):
            page.keyboard.press("Escape")
            expect(dialog).to_have_count(0)


TYPE_AT_ONCE = """text => new MutationObserver(() => {
  const box = document.querySelector("#dialog-root input[type=search]");
  if (!box || box.value) return;
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}).observe(document.getElementById("dialog-root"), { childList: true, subtree: true })"""


def test_what_is_typed_the_moment_the_dialog_is_there_counts(browser, site, world, desk):
    desk.customer.opens("Welder")
    desk.customer.mirror()
    desk.creates("Bakers")
    with open_page(browser) as page:
        log_in(page, site, world.bob)
        page.evaluate(TYPE_AT_ONCE, "welder")
        page.get_by_role("button", name="Connect").click()
        expect(page.get_by_role("dialog").get_by_text("1 job found")).to_be_visible()


def test_without_scripts(browser, site, world, customer):
    with world.app.app_context():
        nurse = search.search_jobs(customer.connection_id, "nurse")[0].ats_id
    customer.gets_candidates(nurse, 1, status="INTERVIEW", subStatus="On-site")
    with open_page(browser, java_script_enabled=False) as page:
        log_in(page, site, world.bob)
        page.get_by_role("link", name="Create a Job").click()
        page.get_by_label("Title").fill("Bakers")
        page.get_by_role("button", name="Create job").click()
        page.get_by_role("button", name="Connect").click()
        page.get_by_label("SmartRecruiters job").fill("nurse")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("radio", name="Nurse").check()
        pick_stage(page, "Interview: On-site")
        page.get_by_role("radio", name="Invite all of them").check()
        page.get_by_role("button", name="Connect").click()
        # Nobody is mailed before it was shown how many they are.
        expect(page.get_by_role("alert")).to_contain_text("See how many people this invites")
        expect(page.get_by_text("1 person is in this stage already")).to_be_visible()
        expect(page.get_by_role("radio", name="Invite this person")).to_be_checked()
        page.get_by_role("button", name="Connect").click()
        expect(page.get_by_text("The job is connected.")).to_be_visible()
        expect(page.get_by_text("are being invited")).to_be_visible()
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_text("Nobody else of those who were there")).to_be_visible()
        expect(page.get_by_text("Interview: On-site")).to_be_visible()
        page.get_by_role("button", name="Disconnect").click()
        page.get_by_role("button", name="Disconnect").click()
        expect(page.get_by_text("The stage is disconnected.")).to_be_visible()


def test_the_back_button_brings_the_whole_overview_back(browser, site, world, customer):
    with open_page(browser) as page:
        log_in(page, site, world.bob)
        for title in ("Bakers", "Carers"):
            page.goto(f"{site.url}/jobs/new")
            page.get_by_label("Title").fill(title)
            page.get_by_role("button", name="Create job").click()
            page.wait_for_url("**/jobs")
        for text in ("bak", "car"):
            page.get_by_label("Search").fill(text)
            page.wait_for_url(f"**/jobs?q={text}**")
        page.go_back()
        page.wait_for_url("**/jobs?q=bak**")
        expect(page.get_by_role("link", name="Create a Job")).to_be_visible()
        expect(page.get_by_label("Search")).to_have_value("bak")
        expect(page.get_by_role("link", name="Bakers")).to_be_visible()
        expect(page.get_by_role("link", name="Carers")).to_have_count(0)
        page.get_by_role("button", name="Connect").click()
        expect(page.get_by_role("dialog").get_by_label("SmartRecruiters job")).to_be_focused()
