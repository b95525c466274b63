"""The customer's administrator follows the link: the questions, and what may go wrong."""

from playwright.sync_api import Page

from tools.screenshots.studio import Studio, follow, press, says


def walk(studio: Studio) -> None:
    with studio.window() as page:
        page.goto(f"{studio.url}/onboarding/no-such-link")
        studio.shoot(page, "link-unknown", "Onboarding: unknown link")
        page.goto(studio.demo.onboarding_url)
        studio.shoot(page, "link-1-welcome", "Onboarding: welcome")
        # The address of the first page, as for a person who goes back.
        page.goto(f"{studio.demo.onboarding_url}/welcome")
        studio.shoot(page, "link-1-again", "Onboarding: welcome, by its own address")
        press(page, "Continue")
        studio.shoot(page, "link-2-credential", "Onboarding: make the credential")
        press(page, "Continue")
        studio.shoot(page, "link-3-keys", "Onboarding: enter it")
        enter(page, "DCRA1-0123456789abcdef", "something")
        studio.shoot(page, "link-3-keys-wrong", "Onboarding: not a Client ID")
        _check(studio, page)


def _check(studio: Studio, page: Page) -> None:
    partial = studio.box.credential(["jobs_read", "candidates_read"])
    enter(page, partial["clientId"], partial["clientSecret"])
    says(page, "That did not work yet")
    studio.shoot(page, "link-4-check-scopes", "Onboarding: scopes are missing")
    follow(page, "Change and try again")
    studio.shoot(page, "link-3-keys-again", "Onboarding: enter it again")
    enter(page, partial["clientId"], "a-mistyped-secret")
    says(page, "That did not work yet")
    says(page, "client")
    studio.shoot(page, "link-4-check-secret", "Onboarding: the secret is wrong")
    follow(page, "Change and try again")
    whole = studio.known["credential"] = studio.box.credential()
    enter(page, whole["clientId"], whole["clientSecret"])
    says(page, "SmartRecruiters is connected.")
    studio.shoot(page, "link-4-check-connected", "Onboarding: connected")
    follow(page, "Continue")
    studio.shoot(page, "link-5-done", "Onboarding: done")


def enter(page: Page, client_id: str, client_secret: str) -> None:
    page.get_by_label("Client ID", exact=True).fill(client_id)
    page.get_by_label("Client Secret", exact=True).fill(client_secret)
    press(page, "Continue")
