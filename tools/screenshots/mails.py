"""Mails that the walk has not sent yet: reminder, candidates' questions, changed password."""

from playwright.sync_api import Page

from tools.demo_people import PASSWORD
from tools.screenshots.candidate import ADA
from tools.screenshots.studio import Studio, press, says

VERA = "vera.vroeg@example.org"


def walk(studio: Studio) -> None:
    with studio.window("reviewer") as page:
        _request(studio, page)
        _reminder(studio, page)
        _password(studio, page)


def _request(studio: Studio, page: Page) -> None:
    creator = studio.demo.logins["admin"]
    page.goto(studio.known["profile"])
    page.get_by_label("Your answer").fill(
        "Thank you for telling us. We have looked at it again with the alarm in mind, and will "
        "talk about it when we meet."
    )
    press(page, "Send answer")
    says(page, "Answered by")
    studio.shoot(page, "profile-answered", "A profile: the question is answered")
    page.goto(studio.box.mail_page(creator, "asks for an answer"))
    studio.shoot(page, "mail-candidate-request", "Mail: a candidate asks")
    page.goto(studio.box.mail_page(ADA, "answers you"))
    studio.shoot(page, "mail-candidate-answer", "Mail: the answer to a candidate")
    page.goto(f"{studio.known['ada']}/results")
    studio.shoot(page, "take-results-answered", "Candidate: own result, with an answer")


def _reminder(studio: Studio, page: Page) -> None:
    stop = studio.backstage("remind", VERA)["stop"]
    page.goto(studio.box.mail_page(VERA, "Reminder"))
    studio.shoot(page, "mail-reminder", "Mail: reminder")
    page.goto(stop)
    studio.shoot(page, "reminders", "Candidate: no more reminders?")
    press(page, "Stop the reminders")
    studio.shoot(page, "reminders-stopped", "Candidate: no more reminders")


def _password(studio: Studio, page: Page) -> None:
    page.goto(f"{studio.url}/password/confirm")
    studio.shoot(page, "password-confirm", "The password is asked for again")
    page.goto(f"{studio.url}/password")
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    press(page, "Change password")
    page.goto(studio.box.mail_page(studio.demo.logins["reviewer"], "changed"))
    studio.shoot(page, "mail-password-changed", "Mail: the password was changed")
    studio.backstage("guessed", studio.demo.logins["reviewer"])
    page.goto(studio.box.mail_page(studio.demo.logins["reviewer"], "guess"))
    studio.shoot(page, "mail-guessing", "Mail: somebody tries to guess the password")
