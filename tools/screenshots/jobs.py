"""The recruiter's jobs: an empty list, a first job, one by link, and one with its own selection."""

from urllib.parse import urljoin

from playwright.sync_api import Page

from tools.screenshots.studio import JOB, Studio, follow, press

INES = "ines.moreau@example.org"


def walk(studio: Studio) -> None:
    with studio.window("stranger") as page:
        studio.shoot(page, "jobs-not-connected", "Jobs: nothing is connected yet")
        follow(page, "Connection")
        studio.shoot(page, "connection-none", "The connection: there is none")
    with studio.window("reviewer") as page:
        studio.shoot(page, "jobs-empty-reviewer", "Jobs: none yet, for a reviewer")
    with studio.window("admin") as page:
        studio.shoot(page, "jobs-empty", "Jobs: none yet")
        follow(page, "Create a Job")
        studio.shoot(page, "job-new", "Create a Job")
        press(page, "Create job")
        studio.shoot(page, "job-new-wrong", "Create a Job: no title")
        page.get_by_label("Title").fill(JOB)
        press(page, "Create job")
        studio.shoot(page, "jobs-created", "Jobs: one that is not connected")
        follow(page, JOB)
        studio.shoot(page, "job-draft", "A job that is not connected")
        follow(page, "Jobs")
        _by_link(studio, page)
        _own_choice(studio, page)


def _by_link(studio: Studio, page: Page) -> None:
    follow(page, "Create a Job")
    page.get_by_label("Assessment (by link)").check()
    page.get_by_label("Title").fill("Traineeship 2027")
    press(page, "Create job")
    studio.shoot(page, "job-by-link", "A job by link")
    link = page.get_by_label("Link", exact=True).input_value()
    job = page.url
    page.goto(link)
    studio.shoot(page, "take-by-link", "Candidate: who are you?")
    press(page, "Continue")
    studio.shoot(page, "take-by-link-wrong", "Candidate: nothing was filled in")
    page.get_by_label("First name").fill("Ines")
    page.get_by_label("Last name").fill("Moreau")
    page.get_by_label("Email").fill(INES)
    press(page, "Continue")
    studio.shoot(page, "take-by-link-mailed", "Candidate: the link was mailed")
    page.goto(studio.box.mail_page(INES))
    studio.shoot(page, "mail-sign-up", "Mail: confirm your address")
    page.goto(studio.box.link_for(INES, studio.url))
    studio.shoot(page, "take-by-link-confirm", "Candidate: is this you?")
    page.goto(job)
    press(page, "Close job")
    studio.shoot(page, "job-closed", "A job that is closed")
    page.goto(link)
    studio.shoot(page, "take-by-link-closed", "Candidate: the job is closed")
    page.goto(f"{studio.url}/jobs")


def _own_choice(studio: Studio, page: Page) -> None:
    follow(page, "Create a Job")
    page.get_by_label("Assessment (by link)").check()
    page.get_by_label("Title").fill("Planners")
    page.get_by_label("My own choice").check()
    page.locator("#take-matrix").check()
    page.get_by_text("22 minutes in all").wait_for()
    page.locator("#up-matrix").click()
    page.locator("#up-matrix[disabled]").wait_for()
    studio.shoot(page, "jobs-new-own", "Create a Job: one's own choice")
    press(page, "Create job")
    job = page.url
    page.goto(f"{job}/assessment")
    studio.shoot(page, "job-parts", "A job: what candidates take")
    page.goto(urljoin(job, "/instruments"))
    studio.shoot(page, "instruments", "Instruments")
    follow(page, "Patterns")
    studio.shoot(page, "instrument", "An instrument: purpose, evidence, limits")
    page.goto(urljoin(job, "/instruments/work-style"))
    studio.shoot(page, "instrument-questionnaire", "An instrument: the questionnaire")
