"""Pictures of what is made of a result: guide, comparison, job fit, a list by scale, own result."""

from typing import Any

from playwright.sync_api import Page


def recruiter(page: Page, camera: Any) -> None:
    """From a finished candidate's profile, and back to it."""
    profile = page.url
    page.get_by_role("link", name="Interview guide", exact=True).click()
    camera.shoot(page, "guide", "Interview guide")
    page.goto(profile)
    page.get_by_role("link", name="Compare with others of this job").click()
    camera.shoot(page, "compare-choose", "Compare: choose")
    for box in page.get_by_role("checkbox").all()[:3]:
        box.check()
    page.get_by_role("button", name="Compare", exact=True).click()
    camera.shoot(page, "compare", "Compare candidates")
    page.locator("a.back-link").click()
    page.get_by_label("Order").select_option(label="Extraversion, from Outgoing")
    page.get_by_role("button", name="Show", exact=True).click()
    camera.shoot(page, "job-by-scale", "A job's list in the order of a scale")
    page.get_by_role("link", name="Say what matters").click()
    page.get_by_label("Extraversion matters for this job").check()
    page.get_by_label("Why the work needs it").first.fill("Two briefings a day with thirty people")
    camera.shoot(page, "fit", "What matters for a job")
    page.get_by_role("button", name="Save what matters").click()
    page.goto(profile)


def candidate(page: Page, camera: Any) -> None:
    """From the last page of a sitting."""
    page.get_by_role("link", name="See your result, and ask a person about it").click()
    camera.shoot(page, "take-8-results", "Candidate: own result")
    page.get_by_label("What should they know?").fill("A fire alarm went off in the middle.")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("You get their answer by mail").wait_for()
    camera.shoot(page, "take-9-asked", "Candidate: asked a person")
