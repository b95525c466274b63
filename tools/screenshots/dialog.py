"""Connects a job to a stage with the preview; and the text of its invitation."""

import re
from typing import Any

from playwright.sync_api import Page

from tests.services.processes import eventually
from tools.screenshots.sandbox import REFERENCE, STAGE
from tools.screenshots.studio import JOB, PATIENCE_MS, Studio, follow, press, says

SECOND = "Night shift leads"


def walk(studio: Studio) -> None:
    with studio.window("admin") as page:
        _connect(studio, page)
        page.get_by_role("link", name=JOB).click()
        studio.shoot(page, "job-connected", "A connected job")
        _letter(studio, page)
        press(page, "Disconnect")
        page.get_by_role("dialog").wait_for()
        studio.shoot(page, "dialog-disconnect", "Disconnect?", whole=False)
        press(page, "Cancel")
        _as_pages(studio, page)
        _second_job(studio, page)


def _connect(studio: Studio, page: Page) -> None:
    page.get_by_role("row", name=JOB).get_by_role("button", name="Connect").click()
    dialog = page.get_by_role("dialog")
    search = dialog.get_by_label("SmartRecruiters job")
    dialog.get_by_role("radio").first.wait_for()
    studio.shoot(page, "dialog-opened", "Connect: opened", whole=False)
    search.fill("no such job anywhere")
    dialog.get_by_text("No job matches").wait_for()
    studio.shoot(page, "dialog-nothing", "Connect: nothing found", whole=False)
    stage = find(dialog)
    eventually(lambda: " now" in stage.inner_text(), PATIENCE_MS / 1000)
    studio.shoot(page, "dialog-stages", "Connect: job and stage", whole=False)
    choose(stage, STAGE)
    _foresee(dialog)
    studio.shoot(page, "dialog-foresight", "Connect: who is there already", whole=False)
    dialog.get_by_role("button", name="Connect", exact=True).click()
    page.get_by_role("button", name="Change").wait_for()
    studio.shoot(page, "jobs-connected", "Jobs: connected")


def _letter(studio: Studio, page: Page) -> None:
    follow(page, "Change the mail")
    press(page, "Preview")
    page.locator("#letter-subject").wait_for()
    studio.shoot(page, "job-mail", "The invitation's words")
    page.get_by_label("Subject").fill("Hello {nobody}")
    press(page, "Preview")
    says(page, "is not one of the words that are filled in")
    studio.shoot(page, "job-mail-wrong", "The invitation's words: one that is not known")
    follow(page, "Back to the job")


def _as_pages(studio: Studio, page: Page) -> None:
    """Show the pages for browsers that run no scripts."""
    job = page.url
    page.goto(f"{job}/connect?q={REFERENCE}")
    studio.shoot(page, "connect-page", "Connect: as a page")
    page.goto(f"{job}/disconnect")
    studio.shoot(page, "disconnect-page", "Disconnect: as a page")
    page.goto(f"{studio.url}/jobs")


def _second_job(studio: Studio, page: Page) -> None:
    """Connect another job to the same stage, for everybody who is there already."""
    studio.box.invite(studio.box.add("Ravi", "Patel", "ravi.patel@example.org"))
    follow(page, "Create a Job")
    page.get_by_label("Title").fill(SECOND)
    press(page, "Create job")
    page.get_by_role("row", name=SECOND).get_by_role("button", name="Connect").click()
    dialog = page.get_by_role("dialog")
    stage = find(dialog)
    choose(stage, STAGE)
    dialog.get_by_text("is connected to this very stage too").wait_for()
    _foresee(dialog)
    dialog.get_by_label("Invite all").or_(dialog.get_by_label("Invite this person")).check()
    studio.shoot(page, "dialog-twin", "Connect: a stage that another job watches", whole=False)
    dialog.get_by_role("button", name="Connect", exact=True).click()
    page.get_by_role("dialog").wait_for(state="detached")
    follow(page, SECOND)
    page.locator(".progress-note").wait_for()
    studio.shoot(page, "job-progress", "A job that invites those who were there")
    press(page, "Close job")  # otherwise later candidates would get two mails


def find(dialog: Any) -> Any:
    dialog.get_by_label("SmartRecruiters job").fill(REFERENCE)
    dialog.get_by_text("1 job found").wait_for()
    dialog.get_by_role("radio").first.check()
    stage = dialog.get_by_label("Invitation stage")
    stage.wait_for()
    return stage


def choose(stage: Any, wanted: str) -> None:
    """Select by value, because the option's text also contains a count that may change."""
    option = stage.locator("option", has_text=re.compile(rf"^\s*{re.escape(wanted)}")).first
    stage.select_option(value=option.get_attribute("value"))


def _foresee(dialog: Any) -> None:
    dialog.get_by_text("is in").or_(dialog.get_by_text("are in")).first.wait_for()
    dialog.locator("summary").click()
    dialog.locator(".dialog-body").evaluate("body => body.scrollTo(0, body.scrollHeight)")
