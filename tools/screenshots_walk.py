"""Where to stand for each picture: the story again, with stops, and what may go wrong in it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page

from tests.services.processes import eventually
from tools import screenshots_profile
from tools.demo import Demo
from tools.demo_people import PASSWORD
from tools.screenshots_people import account, guest, helping, joining, put_on_team, share
from tools.screenshots_results import about_results, about_you
from tools.screenshots_sandbox import REFERENCE, STAGE, Sandbox
from tools.tour_story import INSTRUMENT, option_label
from tools.tour_visitor import Visitor

PATIENCE_MS = 60_000
JOB = "Warehouse team leads"


def walk(browser: Browser, demo: Demo, camera: Any) -> None:
    """Take every picture."""
    box = Sandbox(demo)
    with _window(browser) as page:
        _staff(page, demo, camera)
    with _window(browser) as page:
        credential = _onboarding(page, demo, box, camera)
    with _window(browser) as page:
        _recruiter(page, demo, box, camera)
    with _window(browser) as page:
        _candidate(page, demo, box, camera)
    with _window(browser) as page:
        _log_in(page, demo, "admin")
        put_on_team(page, JOB, demo.logins["reviewer"], camera)
        account(page, demo, camera)
        helping(page, demo, camera)
    with _window(browser) as page:
        joining(page, demo, box, camera)
    with _window(browser) as page:
        _results(page, demo, box, camera)
    with _window(browser) as page:
        guest(page, demo, box, camera)
    with _window(browser) as page:
        _trouble(page, demo, box, credential, camera)


@contextmanager
def _window(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def _log_in(page: Page, demo: Demo, role: str) -> None:
    page.goto(f"{demo.web_url}/login")
    page.get_by_label("Email", exact=True).fill(demo.logins[role])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    _press(page, "Log in")


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def _follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def _staff(page: Page, demo: Demo, camera: Any) -> None:
    page.goto(f"{demo.web_url}/login")
    camera.shoot(page, "login", "Log in")
    page.get_by_label("Email", exact=True).fill("somebody@northwind.example")
    page.get_by_label("Password", exact=True).fill("a guess")
    _press(page, "Log in")
    camera.shoot(page, "login-wrong", "Log in: wrong password")
    _log_in(page, demo, "staff")
    camera.shoot(page, "customers", "Staff: customers")
    _follow(page, "Add a customer")
    camera.shoot(page, "customer-new", "Staff: add a customer")
    page.get_by_label("Name of the customer").fill("Fabrikam Foods")
    _press(page, "Add customer")
    camera.shoot(page, "customer", "Staff: a new customer")
    page.get_by_label("Administrator's email").fill("it@fabrikam.example")
    _press(page, "Make link")
    camera.shoot(page, "customer-link", "Staff: the link is made")


def _onboarding(page: Page, demo: Demo, box: Sandbox, camera: Any) -> dict[str, Any]:
    page.goto(box.mail_page("it@fabrikam.example"))
    camera.shoot(page, "mail-onboarding", "Mail: onboarding")
    page.goto(f"{demo.web_url}/onboarding/no-such-link")
    camera.shoot(page, "link-unknown", "Onboarding: unknown link")
    page.goto(demo.onboarding_url)
    camera.shoot(page, "link-1-welcome", "Onboarding: welcome")
    _press(page, "Continue")
    camera.shoot(page, "link-2-credential", "Onboarding: make the credential")
    _press(page, "Continue")
    camera.shoot(page, "link-3-keys", "Onboarding: enter it")
    page.get_by_label("Client ID", exact=True).fill("DCRA1-0123456789abcdef")
    page.get_by_label("Client Secret", exact=True).fill("something")
    _press(page, "Continue")
    camera.shoot(page, "link-3-keys-wrong", "Onboarding: not a Client ID")
    partial = box.credential(["jobs_read", "candidates_read"])
    _enter(page, partial["clientId"], partial["clientSecret"])
    page.get_by_text("That did not work yet").wait_for()
    camera.shoot(page, "link-4-check-scopes", "Onboarding: scopes are missing")
    _follow(page, "Change and try again")
    _enter(page, partial["clientId"], "a-mistyped-secret")
    page.get_by_text("That did not work yet").wait_for()
    page.get_by_text("client").first.wait_for()
    camera.shoot(page, "link-4-check-secret", "Onboarding: the secret is wrong")
    whole = box.credential()
    _follow(page, "Change and try again")
    _enter(page, whole["clientId"], whole["clientSecret"])
    page.get_by_text("SmartRecruiters is connected.").wait_for()
    camera.shoot(page, "link-4-check-connected", "Onboarding: connected")
    _follow(page, "Continue")
    camera.shoot(page, "link-5-done", "Onboarding: done")
    return whole


def _enter(page: Page, client_id: str, client_secret: str) -> None:
    page.get_by_label("Client ID", exact=True).fill(client_id)
    page.get_by_label("Client Secret", exact=True).fill(client_secret)
    _press(page, "Continue")


def _recruiter(page: Page, demo: Demo, box: Sandbox, camera: Any) -> None:
    _log_in(page, demo, "stranger")
    camera.shoot(page, "jobs-not-connected", "Jobs: nothing is connected yet")
    page.context.clear_cookies()
    _log_in(page, demo, "admin")
    camera.shoot(page, "jobs-empty", "Jobs: none yet")
    _follow(page, "Create a Job")
    camera.shoot(page, "job-new", "Create a Job")
    _press(page, "Create job")
    camera.shoot(page, "job-new-wrong", "Create a Job: no title")
    page.get_by_label("Title").fill(JOB)
    _press(page, "Create job")
    camera.shoot(page, "jobs-created", "Jobs: one that is not connected")
    _by_link(page, camera)
    _games(page, camera)
    _dialog(page, camera)
    _follow(page, "Connection")
    camera.shoot(page, "connection", "The connection")
    _follow(page, "Disconnect")
    camera.shoot(page, "connection-disconnect", "The connection: disconnect?")
    _follow(page, "Organisation")
    page.get_by_label("Colour").fill("#ffee00")
    _press(page, "Save")
    camera.shoot(page, "organisation", "The organisation, and a colour that is too light")
    about_results(page, camera)
    page.goto(f"{demo.web_url}/password")
    camera.shoot(page, "password", "Change password")
    page.locator("summary").first.click()
    camera.shoot(page, "menu", "The user's menu", whole=False)
    page.goto(f"{demo.web_url}/nothing-here")
    camera.shoot(page, "error-404", "Page not found")


def _by_link(page: Page, camera: Any) -> None:
    _follow(page, "Create a Job")
    page.get_by_label("Assessment (by link)").check()
    page.get_by_label("Title").fill("Traineeship 2027")
    _press(page, "Create job")
    camera.shoot(page, "job-by-link", "A job by link")
    job = page.url
    page.goto(page.get_by_label("Link", exact=True).input_value())
    camera.shoot(page, "take-by-link", "Candidate: who are you?")
    page.goto(job)
    _follow(page, "Jobs")


def _games(page: Page, camera: Any) -> None:
    """A job of one's own choice, and the candidate's way into its first game."""
    _follow(page, "Create a Job")
    page.get_by_label("Assessment (by link)").check()
    page.get_by_label("Title").fill("Planners")
    page.get_by_label("My own choice").check()
    page.locator("#take-matrix").check()
    page.get_by_text("22 minutes in all").wait_for()
    page.locator("#up-matrix").click()
    page.locator("#up-matrix[disabled]").wait_for()
    camera.shoot(page, "jobs-new-own", "Create a Job: one's own choice")
    _press(page, "Create job")
    job, link = page.url, page.get_by_label("Link", exact=True).input_value()
    page.goto(f"{job}/assessment")
    camera.shoot(page, "job-parts", "A job: what candidates take")
    page.goto(urljoin(job, "/instruments"))
    camera.shoot(page, "instruments", "Instruments")
    page.get_by_role("link", name="Patterns").click()
    camera.shoot(page, "instrument", "An instrument: purpose, evidence, limits")
    page.goto(link)
    page.get_by_label("First name").fill("Grace")
    page.get_by_label("Last name").fill("Okafor")
    page.get_by_label("Email").fill("grace.okafor@example.org")
    _press(page, "Continue")
    page.locator("summary").first.click()
    camera.shoot(page, "take-game-landing", "Candidate: landing of several parts")
    _press(page, "Start")
    page.get_by_role("button", name="Try it out").wait_for()
    camera.shoot(page, "take-game-intro", "Candidate: before a game")
    _press(page, "Try it out")
    _press(page, "Start")
    page.locator(".game-stage.is-open").wait_for()
    camera.shoot(page, "take-game", "Candidate: a game")
    page.goto(job)
    _follow(page, "Jobs")


def _dialog(page: Page, camera: Any) -> None:
    page.get_by_role("row", name=JOB).get_by_role("button", name="Connect").click()
    dialog = page.get_by_role("dialog")
    search = dialog.get_by_label("SmartRecruiters job")
    dialog.get_by_role("radio").first.wait_for()
    camera.shoot(page, "dialog-opened", "Connect: opened", whole=False)
    search.fill("no such job anywhere")
    dialog.get_by_text("No job matches").wait_for()
    camera.shoot(page, "dialog-nothing", "Connect: nothing found", whole=False)
    search.fill(REFERENCE)
    dialog.get_by_text("1 job found").wait_for()
    dialog.get_by_role("radio").first.check()
    stage = dialog.get_by_label("Invitation stage")
    stage.wait_for()
    eventually(lambda: " now" in stage.inner_text(), PATIENCE_MS / 1000)
    camera.shoot(page, "dialog-stages", "Connect: job and stage", whole=False)
    _choose_stage(stage)
    dialog.get_by_text("is in").or_(dialog.get_by_text("are in")).first.wait_for()
    dialog.locator("summary").click()
    dialog.locator(".dialog-body").evaluate("body => body.scrollTo(0, body.scrollHeight)")
    camera.shoot(page, "dialog-foresight", "Connect: who is there already", whole=False)
    dialog.get_by_role("button", name="Connect", exact=True).click()
    page.get_by_role("button", name="Change").wait_for()
    camera.shoot(page, "jobs-connected", "Jobs: connected")
    page.get_by_role("link", name=JOB).click()
    camera.shoot(page, "job-connected", "A connected job")
    _follow(page, "Change the mail")
    _press(page, "Preview")
    page.locator("#letter-subject").wait_for()
    camera.shoot(page, "job-mail", "The invitation's words")
    _follow(page, "Back to the job")
    _press(page, "Disconnect")
    page.get_by_role("dialog").wait_for()
    camera.shoot(page, "dialog-disconnect", "Disconnect?", whole=False)
    _press(page, "Cancel")


def _choose_stage(stage: Any) -> None:
    labels = stage.locator("option").all_inner_texts()
    stage.select_option(label=next(label for label in labels if label.startswith(STAGE)).strip())


def _candidate(page: Page, demo: Demo, box: Sandbox, camera: Any) -> None:
    ada = box.add("Ada", "Janssen", "ada.janssen@example.org")
    box.invite(ada)
    link = box.link_for("ada.janssen@example.org", demo.web_url)
    page.goto(box.mail_page("ada.janssen@example.org"))
    camera.shoot(page, "mail-invitation", "Mail: invitation")
    page.goto(f"{demo.web_url}/take/not-a-link")
    camera.shoot(page, "take-unknown", "Candidate: a link that leads nowhere")
    page.goto(link)
    camera.shoot(page, "take-1-landing", "Candidate: landing")
    _press(page, "Start")
    camera.shoot(page, "take-2-questions", "Candidate: first questions")
    page.get_by_role("radio").first.check()
    page.get_by_text("Saved", exact=True).wait_for()
    _press(page, "Continue")
    page.get_by_text("still open").first.wait_for()
    camera.shoot(page, "take-3-asked", "Candidate: some are not answered")
    page.goto(link)
    camera.shoot(page, "take-4-back", "Candidate: welcome back")
    page.goto(f"{link}/finish")
    camera.shoot(page, "take-5-review-open", "Candidate: finish with open questions?")
    _answer(Visitor(demo.web_url), link, finish=False)
    page.goto(f"{link}/finish")
    camera.shoot(page, "take-6-review", "Candidate: finish?")
    _press(page, "Finish")
    page.get_by_role("heading", name="Thank you").wait_for()
    camera.shoot(page, "take-7-done", "Candidate: done")
    done = page.url
    about_you(page, camera)
    page.goto(done)
    screenshots_profile.candidate(page, camera)
    eventually(lambda: box.note_on(ada), PATIENCE_MS / 1000)


def _answer(visitor: Visitor, link: str, finish: bool, always: int | None = None) -> None:
    """By forms, without times; ``always`` gives the same answer everywhere."""
    keyed = {item.text: item.keyed for item in INSTRUMENT.items}
    visitor.go(link)
    button = "Go on" if "Welcome back" in visitor.page.text() else "Start"
    visitor.press(button)
    while statements := visitor.page.legends():
        values = {text: always or (4 if keyed[text] == 1 else 2) for text in statements}
        answers = {text: option_label(value) for text, value in values.items()}
        visitor.press("Continue", choices=answers)
    if finish:
        visitor.press("Finish")


def _results(page: Page, demo: Demo, box: Sandbox, camera: Any) -> None:
    careless = box.add("Bo", "Careless", "bo@example.org")
    waiting = box.add("محمد", "الأنصاري", "mohammed@example.org")
    for candidate in (careless, waiting, box.add("Noor", "Zonder-Mail", None)):
        box.invite(candidate)
    link = box.link_for("bo@example.org", demo.web_url)
    _answer(Visitor(demo.web_url), link, finish=True, always=3)
    eventually(lambda: box.note_on(careless), PATIENCE_MS / 1000)
    box.link_for("mohammed@example.org", demo.web_url)
    page.goto(f"{demo.web_url}/candidates/{'0' * 8}-0000-0000-0000-{'0' * 12}")
    camera.shoot(page, "login-after-view-details", "Log in, on the way to a profile")
    _log_in(page, demo, "reviewer")
    camera.shoot(page, "jobs", "Jobs")
    page.get_by_role("link", name=JOB).click()
    camera.shoot(page, "job", "A job with invitations")
    page.goto(f"{page.url}/why?q=Noor")
    camera.shoot(page, "why", "Why was somebody not invited?")
    page.go_back()
    for name, file, title in (
        ("Ada Janssen", "profile", "A candidate's profile"),
        ("Bo Careless", "profile-not-readable", "A profile that can't be read"),
        ("محمد الأنصاري", "profile-invited", "A profile before the assessment"),
    ):
        page.get_by_role("link", name=name, exact=True).click()
        camera.shoot(page, file, title)
        page.go_back()
    page.get_by_role("link", name="Ada Janssen", exact=True).click()
    share(page, camera)
    page.goto(f"{demo.sandbox_url}/app/{box.company}/candidates?q=Ada Janssen")
    _follow(page, "Ada Janssen")
    camera.shoot(page, "sandbox-profile", "The sandbox: the note on the profile")
    page.get_by_role("link", name=re.compile("candidates.[0-9a-f-]{36}$")).click()
    screenshots_profile.recruiter(page, camera)


def _trouble(page: Page, demo: Demo, box: Sandbox, credential: dict, camera: Any) -> None:
    box.revoke(credential)
    _log_in(page, demo, "admin")
    _follow(page, "Connection")
    _press(page, "Check now")
    page.get_by_text("Needs attention").first.wait_for()
    page.reload()
    camera.shoot(page, "connection-trouble", "The connection needs attention")
    page.goto(f"{demo.web_url}/jobs")
    camera.shoot(page, "jobs-trouble", "Jobs: the connection needs attention")
