"""Pictures of the pages about how results come about: groups, fairness, other platforms."""

from typing import Any

from playwright.sync_api import Page


def about_results(page: Page, camera: Any) -> None:
    """As an administrator who is logged in."""
    _follow(page, "Results")
    camera.shoot(page, "norms", "Results: comparison groups")
    _follow(page, "Fairness")
    camera.shoot(page, "fairness-off", "Results: fairness, switched off")
    _press(page, "Switch on")
    camera.shoot(page, "fairness", "Results: fairness, before the first report")
    _follow(page, "Stop asking …")
    camera.shoot(page, "fairness-stop", "Results: stop asking?")
    _follow(page, "Cancel")
    _follow(page, "Other platforms")
    page.get_by_label("Name", exact=True).fill("Puzzle House")
    page.get_by_label("Host", exact=True).fill("assess.puzzle.example")
    _press(page, "Add")
    _press(page, "Make a key")
    camera.shoot(page, "platform-key", "Results: a platform's new key")
    _follow(page, "I have copied it")
    camera.shoot(page, "platforms", "Results: other platforms")


def about_you(page: Page, camera: Any) -> None:
    """As a candidate who has finished."""
    _follow(page, "See the questions")
    camera.shoot(page, "take-8-about-you", "Candidate: two voluntary questions")
    _press(page, "Send")
    camera.shoot(page, "take-9-said", "Candidate: thank you")


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def _follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()
