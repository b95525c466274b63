"""Settings behind the results: comparison groups, fairness, other platforms."""

from playwright.sync_api import Page

from tools.screenshots.studio import Studio, follow, press


def walk(studio: Studio) -> None:
    with studio.window("admin") as page:
        follow(page, "Results")
        studio.shoot(page, "norms", "Results: comparison groups")
        follow(page, "Fairness")
        studio.shoot(page, "fairness-off", "Results: fairness, switched off")
        press(page, "Switch on")
        studio.shoot(page, "fairness", "Results: fairness, before the first report")
        follow(page, "Stop asking …")
        studio.shoot(page, "fairness-stop", "Results: stop asking?")
        follow(page, "Cancel")
        _platforms(studio, page)


def _platforms(studio: Studio, page: Page) -> None:
    follow(page, "Other platforms")
    studio.shoot(page, "platforms-none", "Results: no other platform yet")
    page.get_by_label("Name", exact=True).fill("Puzzle House")
    page.get_by_label("Host", exact=True).fill("not a host")
    press(page, "Add")
    studio.shoot(page, "platforms-wrong", "Results: not a host")
    page.get_by_label("Host", exact=True).fill("assess.puzzle.example")
    press(page, "Add")
    press(page, "Make a key")
    studio.shoot(page, "platform-key", "Results: a platform's new key")
    studio.known["platform address"] = page.locator("#api").input_value()
    studio.known["platform secret"] = page.locator("#secret").input_value()
    follow(page, "I have copied it")
    studio.shoot(page, "platforms", "Results: other platforms")
