"""A new user, and a user who forgot the password."""

from playwright.sync_api import Page

from tools.demo_people import PASSWORD
from tools.screenshots.studio import Studio, press, says
from tools.screenshots.team import NEW


def walk(studio: Studio) -> None:
    with studio.window() as page:
        _join(studio, page)
        _forgotten(studio, page)


def _join(studio: Studio, page: Page) -> None:
    link = studio.box.link_for(NEW, studio.url)
    page.goto(studio.box.mail_page(NEW))
    studio.shoot(page, "mail-team-invitation", "Mail: join the team")
    page.goto(link)
    studio.shoot(page, "join", "Join the team")
    page.goto(f"{studio.url}/join/not-a-link")
    studio.shoot(page, "join-dead", "Join: a link that can't be used")


def _forgotten(studio: Studio, page: Page) -> None:
    page.goto(f"{studio.url}/password/forgotten")
    studio.shoot(page, "forgotten", "Forgotten password")
    reviewer = studio.demo.logins["reviewer"]
    page.get_by_label("Email", exact=True).fill(reviewer)
    press(page, "Send the link")
    studio.shoot(page, "forgotten-sent", "Forgotten password: look into the mailbox")
    link = studio.box.link_for(reviewer, studio.url, "password")
    page.goto(studio.box.mail_page(reviewer, "password"))
    studio.shoot(page, "mail-password-reset", "Mail: a new password")
    page.goto(link)
    studio.shoot(page, "reset", "Choose a new password")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(f"{PASSWORD}x")
    press(page, "Set the password")
    studio.shoot(page, "reset-wrong", "Choose a new password: not the same twice")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    press(page, "Set the password")
    says(page, "Your new password is set.")
    page.goto(f"{studio.url}/password/reset/not-a-link")
    studio.shoot(page, "reset-dead", "New password: a link that can't be used")
