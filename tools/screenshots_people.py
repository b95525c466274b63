"""Pictures of people's own pages: team, profile, passwords, guests, and the help."""

from typing import Any

from playwright.sync_api import Page

from eqsr.help.views import TOPICS
from tools.demo import Demo
from tools.demo_people import PASSWORD
from tools.screenshots_sandbox import Sandbox

NEW = "nadia.berg@northwind.example"
GUEST = "hiring.manager@partner.example"


def put_on_team(page: Page, job: str, email: str, camera: Any) -> None:
    """Stand on the page of a job and add this reviewer to its team."""
    page.get_by_role("link", name=job).click()
    choice = page.get_by_label("Add to the team")
    labels = choice.locator("option").all_inner_texts()
    choice.select_option(label=next(label for label in labels if email in label))
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("is on the team of this job").wait_for()
    camera.shoot(page, "job-team", "A job with its team")


def account(page: Page, demo: Demo, camera: Any) -> None:
    """The admin's own pages, and the team's."""
    page.goto(f"{demo.web_url}/profile")
    camera.shoot(page, "profile-own", "Your profile, and where you are logged in")
    page.goto(f"{demo.web_url}/team")
    page.get_by_label("E-mail address").fill(NEW)
    page.get_by_role("button", name="Send invitation").click()
    page.get_by_text("The invitation is on its way.").wait_for()
    camera.shoot(page, "team", "Team: members, an invitation and the log")


def joining(page: Page, demo: Demo, box: Sandbox, camera: Any) -> None:
    """Somebody new, and somebody who forgot the password."""
    link = box.link_for(NEW, demo.web_url)
    page.goto(box.mail_page(NEW))
    camera.shoot(page, "mail-team-invitation", "Mail: join the team")
    page.goto(link)
    camera.shoot(page, "join", "Join the team")
    page.goto(f"{demo.web_url}/join/not-a-link")
    camera.shoot(page, "join-dead", "Join: a link that can't be used")
    page.goto(f"{demo.web_url}/password/forgotten")
    camera.shoot(page, "forgotten", "Forgotten password")
    reviewer = demo.logins["reviewer"]
    page.get_by_label("Email", exact=True).fill(reviewer)
    page.get_by_role("button", name="Send the link").click()
    camera.shoot(page, "forgotten-sent", "Forgotten password: look into the mailbox")
    link = box.link_for(reviewer, demo.web_url)
    page.goto(box.mail_page(reviewer))
    camera.shoot(page, "mail-password-reset", "Mail: a new password")
    page.goto(link)
    camera.shoot(page, "reset", "Choose a new password")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    page.get_by_text("Your new password is set.").wait_for()
    page.goto(f"{demo.web_url}/password/reset/not-a-link")
    camera.shoot(page, "reset-dead", "New password: a link that can't be used")


def helping(page: Page, demo: Demo, camera: Any) -> None:
    """The help."""
    page.goto(f"{demo.web_url}/help")
    camera.shoot(page, "help", "Help")
    for topic in TOPICS:
        page.goto(f"{demo.web_url}/help/{topic}")
        camera.shoot(page, f"help-{topic}", f"Help: {topic}")


def share(page: Page, camera: Any) -> None:
    """Stand on a candidate's profile and invite a guest to it."""
    page.get_by_role("link", name="Guests").click()
    page.get_by_label("Guest's e-mail address").fill(GUEST)
    page.get_by_role("button", name="Send the link").click()
    page.get_by_text("The link is on its way").wait_for()
    camera.shoot(page, "guests", "Guests of a profile")


def guest(page: Page, demo: Demo, box: Sandbox, camera: Any) -> None:
    """What the guest gets."""
    link = box.link_for(GUEST, demo.web_url)
    page.goto(box.mail_page(GUEST))
    camera.shoot(page, "mail-profile-share", "Mail: a profile to read")
    page.goto(link)
    camera.shoot(page, "shared", "A guest's view of a profile")
    page.goto(f"{demo.web_url}/shared/not-a-link")
    camera.shoot(page, "shared-dead", "A guest's link that leads nowhere")
