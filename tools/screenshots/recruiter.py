"""The recruiter reads results: a job's list, profiles, guide, comparison, job fit, report."""

import re

from playwright.sync_api import Page

from tests.services.processes import eventually
from tools.screenshots.candidate import answer
from tools.screenshots.studio import JOB, PATIENCE_MS, Studio, follow, press
from tools.tour_visitor import Visitor


def walk(studio: Studio) -> None:
    _people(studio)
    with studio.window() as page:
        page.goto(f"{studio.url}/candidates/{'0' * 8}-0000-0000-0000-{'0' * 12}")
        studio.shoot(page, "login-after-view-details", "Log in, on the way to a profile")
        studio.log_in(page, "reviewer")
        studio.shoot(page, "jobs", "Jobs")
        page.get_by_role("link", name=JOB).click()
        studio.shoot(page, "job", "A job with invitations")
        studio.known["job"] = page.url
        _profiles(studio, page)
        _from_the_note(studio, page)
        _made_of_results(studio, page)


def _people(studio: Studio) -> None:
    """Add four people: a careless one, one invited, one without an address, one elsewhere."""
    box = studio.box
    careless = box.add("Bo", "Careless", "bo@example.org")
    waiting = box.add("محمد", "الأنصاري", "mohammed@example.org")
    for candidate in (careless, waiting, box.add("Noor", "Zonder-Mail", None)):
        box.invite(candidate)
    box.add("Vera", "Vroeg", "vera.vroeg@example.org")
    link = box.link_for("bo@example.org", studio.url)
    answer(Visitor(studio.url), link, finish=True, always=3)
    eventually(lambda: box.note_on(careless), PATIENCE_MS / 1000)
    box.link_for("mohammed@example.org", studio.url)


def _profiles(studio: Studio, page: Page) -> None:
    page.get_by_role("searchbox", name="Candidate").fill("nobody of that name")
    press(page, "Show")
    studio.shoot(page, "job-nothing", "A job: nobody is like that")
    follow(page, "Show all")
    for name, file, title in (
        ("Ada Janssen", "profile", "A candidate's profile, with a question of the candidate"),
        ("Bo Careless", "profile-not-readable", "A profile that can't be read"),
        ("محمد الأنصاري", "profile-invited", "A profile before the assessment"),
    ):
        follow(page, name)
        studio.shoot(page, file, title)
        page.go_back()


def _from_the_note(studio: Studio, page: Page) -> None:
    box = studio.box
    page.goto(f"{box.url}/app/{box.company}/candidates?q=Ada Janssen")
    follow(page, "Ada Janssen")
    studio.shoot(page, "sandbox-profile", "The sandbox: the note on the profile")
    page.get_by_role("link", name=re.compile("candidates.[0-9a-f-]{36}$")).click()
    studio.known["profile"] = page.url


def _made_of_results(studio: Studio, page: Page) -> None:
    profile = page.url
    follow(page, "Interview guide")
    studio.shoot(page, "guide", "Interview guide")
    report = page.context.request.get(f"{profile}/report.pdf")
    studio.print(report.body(), "report", "The report on paper")
    page.goto(profile)
    follow(page, "Compare with others of this job")
    studio.shoot(page, "compare-choose", "Compare: choose")
    for box in page.get_by_role("checkbox").all()[:3]:
        box.check()
    press(page, "Compare")
    studio.shoot(page, "compare", "Compare candidates")
    page.locator("a.back-link").click()
    page.get_by_label("Order").select_option(label="Extraversion, from Outgoing")
    press(page, "Show")
    studio.shoot(page, "job-by-scale", "A job's list in the order of a scale")
    follow(page, "Say what matters")
    page.get_by_label("Extraversion matters for this job").check()
    page.get_by_label("Why the work needs it").first.fill("Two briefings a day with thirty people")
    studio.shoot(page, "fit", "What matters for a job")
    press(page, "Save what matters")
    studio.shoot(page, "job-fit", "A job of which is said what matters")
    page.goto(profile)
    studio.shoot(page, "profile-fit", "A profile, with what matters for the job")
