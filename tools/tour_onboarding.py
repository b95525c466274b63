"""The story's first chapter, from staff's page to the admin's account; and the story's people."""

import re
from urllib.parse import urlsplit

from tools.demo import Demo
from tools.demo_people import ADMIN, CUSTOMER, NAMES, PASSWORD
from tools.tour_page import Element, NotThere
from tools.tour_visitor import Visitor, expect, log_in, look_again, until


class Story:
    """The people in the story, and what they have learned so far."""

    def __init__(self, demo: Demo):
        self.demo = demo
        self.staff = Visitor(demo.web_url)
        self.admin = Visitor(demo.web_url)
        self.recruiter = Visitor(demo.web_url)
        self.candidate = Visitor(demo.web_url)
        self.ats = Visitor(demo.sandbox_url)
        self.mail = Visitor(demo.sandbox_url)
        self.link = ""
        self.client_id = self.client_secret = ""
        self.ats_job_id = self.profile_url = ""
        self.name = self.email = ""
        self.moved_at = 0.0


def make_customer(story: Story) -> None:
    staff = story.staff
    log_in(staff, story.demo.logins["staff"])
    staff.follow("Add a customer")
    staff.press("Add customer", {"Name of the customer": CUSTOMER})
    staff.press("Make link", {"Administrator's email": ADMIN, "Mail it now": True})
    expect(staff, f"It was mailed to {ADMIN}.")


def follow_link(story: Story) -> None:
    admin = story.admin
    story.link = link_in_mail(story, ADMIN)
    admin.go(story.link)
    expect(admin, f"on behalf of {CUSTOMER}")
    admin.press("Continue")
    expect(admin, "Make a credential in SmartRecruiters")


def make_credential(story: Story) -> None:
    scopes = story.admin.page.value("All of them").split()
    ats = story.ats
    ats.go("/")
    ats.follow(CUSTOMER)
    for link in ("Settings / Admin", "Apps & Integrations", "Credentials", "New Credential"):
        ats.follow(link)
    ats.press("Next", choices={"Which kind of credential?": "OAuth Client ID"})
    about = {"Credential name": "Equalture", "System role": "Administrator"}
    ats.press("Generate", about | dict.fromkeys(scopes, True))
    story.client_id = ats.page.value("Client ID")
    story.client_secret = ats.page.value("Client secret")


def mistype_credential(story: Story) -> None:
    admin = story.admin
    admin.press("Continue")
    admin.press("Continue", {"Client ID": story.client_id, "Client Secret": "not-the-secret"})
    until(lambda: "That did not work yet" in look_again(admin), "the wrong secret is refused")


def enter_credential(story: Story) -> str:
    admin = story.admin
    admin.follow("Change and try again")
    if story.client_secret in admin.page.text():
        raise NotThere("the page shows a secret")
    keys = {"Client ID": story.client_id, "Client Secret": story.client_secret}
    admin.press("Continue", keys)
    until(lambda: "SmartRecruiters is connected." in look_again(admin), "the live check ends well")
    checks = sum(one.attrs.get("class", "").startswith("check ") for one in admin.page.elements)
    admin.follow("Continue")
    expect(admin, "What happens next")
    return f"{checks} checks ticked" if checks else ""


def choose_password(story: Story) -> str:
    """Take the link's last step: create the first admin's account, which logs them in."""
    admin = story.admin
    until(lambda: "jobs were read" in look_again(admin), "the page says how many jobs were read")
    read = re.search(r"\d+ jobs were read", admin.page.text())
    about = {"Your name": NAMES[ADMIN], "Password": PASSWORD, "Password again": PASSWORD}
    admin.press("Set password and log in", about)
    expect(admin, "Create a Job")
    return read[0] if read else ""


def use_link_again(story: Story) -> str:
    """Use the link again: each of its addresses answers 410 and changes nothing."""
    stranger = Visitor(story.demo.web_url)
    token = stranger.go("/login").hidden("csrf_token")
    link = urlsplit(story.link).path
    for step in ("", "/welcome", "/credential", "/keys", "/check", "/check/progress", "/done"):
        stranger.go(link + step, expect=410)
        expect(stranger, "This link has done its work")
    fields = {
        "csrf_token": token,
        "client_id": story.client_id,
        "client_secret": story.client_secret,
        "name": "Mallory",
        "new": "another-good-passphrase",
        "repeated": "another-good-passphrase",
        "email": ADMIN,
        "password": PASSWORD,
    }
    posts = ("/welcome", "/credential", "/keys", "/check/again", "/account", "/join", "/leave")
    for step in posts:
        stranger.post(link + step, fields, expect=410)
    stranger.go("/login")
    expect(stranger, "Log in")
    story.staff.go(story.staff.url.split("/links")[0])
    expect(story.staff, "Connected, account made")
    return f"7 pages and {len(posts)} forms answer 410"


def mails_to(story: Story, email: str) -> list[Element]:
    page = story.mail.go(f"/mail?to={email}")
    inbox = [one for one in page.elements if one.attrs.get("class") == "inbox"]
    return [one for one in inbox[0].walk() if one.tag == "a"] if inbox else []


def link_in_mail(story: Story, email: str) -> str:
    """Return our address in the only mail to that person that contains one."""
    until(lambda: mails_to(story, email), f"a mail to {email} arrives")
    [mail] = mails_to(story, email)
    return story.mail.go(mail.attrs["href"]).link(story.demo.web_url)
