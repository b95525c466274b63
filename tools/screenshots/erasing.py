"""Deletion: the retention period, and a candidate who asks us to delete their result."""

from playwright.sync_api import Page

from tools.screenshots.candidate import ADA
from tools.screenshots.studio import Studio, follow, press, says


def walk(studio: Studio) -> None:
    with studio.window() as page:
        page.goto(f"{studio.known['ada']}/results")
        page.get_by_role("radio", name="Delete my result").check()
        press(page, "Send")
        says(page, "You asked that your result is deleted")
    with studio.window("admin") as page:
        _keeping(studio, page)
        _forgotten(studio, page)
        _deleted(studio, page)


def _keeping(studio: Studio, page: Page) -> None:
    follow(page, "Organisation")
    follow(page, "Change …")
    page.get_by_label("Results are kept for").select_option("6")
    studio.shoot(page, "organisation-keeping", "The organisation: how long results are kept")
    press(page, "Save")
    says(page, "6 months after the assessment was finished")


def _forgotten(studio: Studio, page: Page) -> None:
    """Delete Noor, who was never invited because she has no address."""
    page.goto(f"{studio.known['job']}/why?q=Noor")
    follow(page, "Noor Zonder-Mail")
    follow(page, "Delete name and address …")
    press(page, "Delete name and address")
    studio.shoot(page, "forget-confirm", "Delete name and address? It has to be ticked")
    page.get_by_label("I want to delete name and address for good").check()
    press(page, "Delete name and address")
    says(page, "The name and the address are deleted.")
    studio.shoot(page, "profile-forgotten", "A profile without name and address")


def _deleted(studio: Studio, page: Page) -> None:
    page.goto(studio.known["profile"])
    studio.shoot(page, "profile-asked-to-delete", "A profile: the candidate asks to delete it")
    follow(page, "Delete this result …")
    press(page, "Delete the result")
    studio.shoot(page, "erase-confirm", "Delete this result? It has to be ticked")
    page.get_by_label("I want to delete this result for good").check()
    press(page, "Delete the result")
    says(page, "Its answers and scores are gone.")
    studio.shoot(page, "profile-deleted", "A profile whose result is deleted")
    page.goto(studio.box.mail_page(ADA, "is deleted"))
    studio.shoot(page, "mail-erasure", "Mail: the result is deleted")
    page.goto(studio.known["ada"])
    studio.shoot(page, "take-deleted", "Candidate: the result is deleted")
