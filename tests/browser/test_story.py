"""The whole story in a browser: real processes, JavaScript on, names instead of markup."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.connecting import ATS_JOB, REFERENCE, STAGE, connect_by_keyboard
from tests.browser.people import (
    INSTRUMENT,
    answer_everything,
    desk,
    follow,
    has_no_sideways_scrolling,
    log_in,
    phone,
    press,
    reload_until,
    says,
)
from tools.demo import Demo
from tools.demo_people import ADMIN, NAMES, PASSWORD, REVIEWER

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CUSTOMER = "Northwind Logistics"


def test_the_whole_story(browser: Browser, demo: Demo):
    with desk(browser) as staff:
        onboarding_url = make_customer(staff, demo)
    with desk(browser) as admin, desk(browser) as ats:
        connect(admin, ats, onboarding_url, demo)
    with desk(browser) as recruiter:
        join(recruiter, demo)
        create_job(recruiter)
        connect_by_keyboard(recruiter)
    with desk(browser) as ats:
        name, email = move_candidate(ats, demo)
        with phone(browser) as candidate:
            take(candidate, demo, email)
        view_details(ats, name)
        profile_url = ats.url
    with desk(browser) as stranger:
        stranger.goto(f"{demo.web_url}/login")
        log_in(stranger, demo.logins["stranger"])
        says(stranger, "No jobs yet")
        answer = stranger.goto(profile_url)
        assert answer.status == 404
        says(stranger, "Page not found")


def make_customer(staff: Page, demo: Demo) -> str:
    staff.goto(demo.web_url)
    log_in(staff, demo.logins["staff"])
    follow(staff, "Add a customer")
    staff.get_by_label("Name of the customer").fill(CUSTOMER)
    press(staff, "Add customer")
    staff.get_by_label("Administrator's email").fill(ADMIN)
    press(staff, "Make link")
    says(staff, f"It was mailed to {ADMIN}.")
    return staff.get_by_label("Onboarding link").input_value()


def connect(admin: Page, ats: Page, onboarding_url: str, demo: Demo) -> None:
    admin.goto(onboarding_url)
    press(admin, "Continue")
    scopes = admin.get_by_label("All of them").input_value().split()
    assert len(scopes) > 5
    client_id, client_secret = make_credential(ats, scopes, demo)
    press(admin, "Continue")
    enter(admin, client_id, "a-mistyped-secret")
    says(admin, "That did not work yet")
    follow(admin, "Change and try again")
    expect(admin.get_by_label("Client Secret", exact=True)).to_have_value("")
    enter(admin, client_id, client_secret)
    says(admin, "SmartRecruiters is connected.")
    follow(admin, "Continue")
    says(admin, "What happens next")
    choose_password(admin)
    invite_recruiter(admin)
    with desk(admin.context.browser) as stranger:
        answer = stranger.goto(onboarding_url)
        assert answer.status == 410
        says(stranger, "This link has done its work")
        follow(stranger, "Log in")
        expect(stranger.get_by_role("heading", name="Log in")).to_be_visible()


def choose_password(admin: Page) -> None:
    has_no_sideways_scrolling(admin)
    says(admin, f"You will log in as {ADMIN}.")
    admin.get_by_label("Your name").fill(NAMES[ADMIN])
    admin.get_by_label("Password", exact=True).first.fill(PASSWORD)
    admin.get_by_label("Password again").fill(PASSWORD)
    press(admin, "Set password and log in")
    says(admin, "Now create your first job.")
    expect(admin.get_by_role("link", name="Create a Job").first).to_be_visible()


def invite_recruiter(admin: Page) -> None:
    follow(admin, "Team")
    admin.get_by_label("E-mail address").fill(REVIEWER)
    press(admin, "Send invitation")
    says(admin, "The invitation is on its way.")


def enter(admin: Page, client_id: str, client_secret: str) -> None:
    admin.get_by_label("Client ID", exact=True).fill(client_id)
    admin.get_by_label("Client Secret", exact=True).fill(client_secret)
    press(admin, "Continue")


def make_credential(ats: Page, scopes: list[str], demo: Demo) -> tuple[str, str]:
    ats.goto(demo.sandbox_url)
    follow(ats, CUSTOMER)
    ats.get_by_label("Account menu of").click()
    for link in ("Settings / Admin", "Apps & Integrations", "Credentials", "New Credential"):
        follow(ats, link)
    ats.get_by_label("OAuth Client ID").check()
    press(ats, "Next")
    ats.get_by_label("Credential name").fill("Equalture")
    ats.get_by_label("System role").select_option("Administrator")
    for scope in scopes:
        ats.get_by_label("Search scopes").fill(scope)
        ats.get_by_label(scope, exact=True).check()
    press(ats, "Generate")
    return tuple(
        ats.get_by_label(label, exact=True).input_value()
        for label in ("Client ID", "Client secret")
    )


def join(recruiter: Page, demo: Demo) -> None:
    """By the invitation in the mail."""
    recruiter.goto(f"{demo.sandbox_url}/mail?to={REVIEWER}")
    mails = recruiter.get_by_role("listitem").filter(has_text=REVIEWER)
    reload_until(recruiter, mails)
    mails.get_by_role("link").click()
    mail = recruiter.frame_locator("iframe")
    recruiter.goto(mail.get_by_role("link", name="Join", exact=True).get_attribute("href"))
    recruiter.get_by_label("Your name").fill(NAMES[REVIEWER])
    recruiter.get_by_label("Password", exact=True).fill(PASSWORD)
    recruiter.get_by_label("Password again").fill(PASSWORD)
    press(recruiter, "Join")
    says(recruiter, "Welcome!")


def create_job(recruiter: Page) -> None:
    follow(recruiter, "Jobs")
    follow(recruiter, "Create a Job")
    recruiter.get_by_label("Assessment (ATS integration)").check()
    recruiter.get_by_label("Title").fill("Developers Amsterdam")
    press(recruiter, "Create job")
    says(recruiter, "Connect it to SmartRecruiters next.")


def move_candidate(ats: Page, demo: Demo) -> tuple[str, str]:
    ats.goto(demo.sandbox_url)
    follow(ats, CUSTOMER)
    ats.get_by_label("Search by title, reference or ID").fill(REFERENCE)
    press(ats, "Search")
    follow(ats, ATS_JOB)
    person = ats.get_by_role("listitem").filter(has_text="@example.org").first
    name = person.get_by_role("link").inner_text()
    email = person.get_by_text("@example.org").inner_text()
    ats.get_by_label(f"Move {name} to").select_option(STAGE)
    press(ats, f"Move {name}")
    says(ats, f"{name} has moved.")
    return name, email


def take(candidate: Page, demo: Demo, email: str) -> None:
    """The mail is read and the questionnaire taken on a telephone."""
    candidate.goto(f"{demo.sandbox_url}/mail?to={email}")
    mails = candidate.get_by_role("listitem").filter(has_text=email)
    reload_until(candidate, mails)
    expect(mails).to_have_count(1)
    mails.get_by_role("link").click()
    mail = candidate.frame_locator("iframe")
    link = mail.get_by_role("link", name="Start the assessment").get_attribute("href")
    candidate.goto(link)
    candidate.clock.install()
    says(candidate, f"{CUSTOMER} invites you")
    has_no_sideways_scrolling(candidate)
    press(candidate, "Start")
    has_no_sideways_scrolling(candidate)
    answer_everything(candidate, reads=True)
    press(candidate, "Finish")
    says(candidate, "Thank you")
    has_no_sideways_scrolling(candidate)


def view_details(ats: Page, name: str) -> None:
    """From the note in SmartRecruiters, logged out, to the profile."""
    follow(ats, name)
    details = ats.get_by_role("link", name=re.compile("candidates.[0-9a-f-]{36}$"))
    reload_until(ats, details)
    expect(details).to_have_count(1)
    reload_until(ats, ats.get_by_text("Equalture completed"))
    details.click()
    expect(ats.get_by_role("heading", name="Log in")).to_be_visible()
    log_in(ats, REVIEWER)
    expect(ats.get_by_role("heading", name=name)).to_be_visible()
    for scale in INSTRUMENT.scales:
        score = ats.get_by_role("region", name=scale.name)
        expect(score.get_by_text("of 10 (sten)")).to_be_visible()
        expect(score.get_by_text("Ask in the interview")).to_be_visible()
    expect(ats.get_by_text("Not interpretable")).to_have_count(0)
    expect(ats.get_by_role("button", name="Print")).to_be_visible()
