"""The team, the user's own profile, and the help."""

from playwright.sync_api import Page

from eqsr.extras.help.views import TOPICS
from tools.screenshots.studio import JOB, Studio, press, says

NEW = "nadia.berg@northwind.example"


def walk(studio: Studio) -> None:
    with studio.window("admin") as page:
        _job_team(studio, page)
        page.goto(f"{studio.url}/profile")
        studio.shoot(page, "profile-own", "Your profile, and where you are logged in")
        page.goto(f"{studio.url}/team")
        studio.shoot(page, "team-alone", "Team: before anybody is invited")
        page.get_by_label("E-mail address").fill(NEW)
        press(page, "Send invitation")
        says(page, "The invitation is on its way.")
        page.locator("#invited").get_by_text("Sent").wait_for()
        _account_elsewhere(studio, page)
        studio.shoot(page, "team", "Team: members, an invitation and the log")
        page.goto(f"{studio.url}/team/log")
        studio.shoot(page, "log", "The whole log")
        page.goto(f"{studio.url}/help")
        studio.shoot(page, "help", "Help")
        for topic in TOPICS:
            page.goto(f"{studio.url}/help/{topic}")
            studio.shoot(page, f"help-{topic}", f"Help: {topic}")


def _job_team(studio: Studio, page: Page) -> None:
    page.get_by_role("link", name=JOB).click()
    choice = page.get_by_label("Add to the team")
    labels = choice.locator("option").all_inner_texts()
    email = studio.demo.logins["reviewer"]
    choice.select_option(label=next(label for label in labels if email in label))
    press(page, "Add")
    says(page, "is on the team of this job")
    studio.shoot(page, "job-team", "A job with its team")


def _account_elsewhere(studio: Studio, page: Page) -> None:
    """Invite somebody who has an account at another customer, and read the mail."""
    email = studio.demo.logins["stranger"]
    page.get_by_label("E-mail address").fill(email)
    press(page, "Send invitation")
    says(page, "The invitation is on its way.")
    page.goto(studio.box.mail_page(email, "invites you"))
    studio.shoot(page, "mail-team-invitation-elsewhere", "Mail: an account elsewhere can't join")
    page.goto(f"{studio.url}/team")
