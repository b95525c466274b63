"""The recruiter's whole path without a mouse: log in, create, connect, list, profile, compare."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.connecting import connect_by_keyboard
from tests.browser.people import desk, reload_until, says, tab_to
from tools import tour_story
from tools.demo import Demo
from tools.demo_people import PASSWORD, REVIEWER
from tools.screenshots.sandbox import Sandbox
from tools.tour_visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

JOB = "Developers Amsterdam"
PEOPLE = (("Ada", "Janssen"), ("Bo", "Visser"))


def test_the_recruiters_path_without_a_mouse(browser: Browser, demo: Demo):
    story = connected_customer(demo)
    with desk(browser) as recruiter:
        log_in(recruiter, demo)
        create_job(recruiter)
        connect_by_keyboard(recruiter)
        names = two_candidates(story)
        enter(recruiter, recruiter.get_by_role("link", name=JOB))
        expect(recruiter.get_by_role("heading", name=JOB)).to_be_visible()
        reload_until(recruiter, recruiter.get_by_role("link", name="Compare candidates"))
        see_profile(recruiter, names)
        compare(recruiter, names)


def connected_customer(demo: Demo) -> tour_story.Story:
    story = tour_story.Story(demo)
    for _, step in tour_story.STEPS[:6]:
        step(story)
    tour_story.bring_recruiter(story)
    return story


def log_in(recruiter: Page, demo: Demo) -> None:
    recruiter.goto(f"{demo.web_url}/login")
    write(recruiter, recruiter.get_by_label("Email", exact=True), REVIEWER)
    write(recruiter, recruiter.get_by_label("Password", exact=True), PASSWORD)
    recruiter.keyboard.press("Enter")
    says(recruiter, "No jobs yet")


def create_job(recruiter: Page) -> None:
    enter(recruiter, recruiter.get_by_role("link", name="Create a Job"))
    expect(recruiter.get_by_label("Assessment (ATS integration)")).to_be_checked()
    write(recruiter, recruiter.get_by_label("Title"), JOB)
    enter(recruiter, recruiter.get_by_role("button", name="Create job"))
    says(recruiter, "Connect it to SmartRecruiters next.")


def two_candidates(story: tour_story.Story) -> list[str]:
    """Two people are moved to the stage, and finish; their names."""
    story.ats.follow("Jobs")
    story.ats.press("Search", {"Search by title, reference or ID": tour_story.REFERENCE})
    story.ats.follow(tour_story.ATS_JOB)
    box = Sandbox(story.demo)
    box.job = story.ats.url.split("/jobs/")[1]
    for first, last in PEOPLE:
        story.candidate, story.email = Visitor(story.demo.web_url), f"{first.lower()}@example.org"
        box.invite(box.add(first, last, story.email))
        tour_story.take_assessment(story)
        tour_story.finish(story)
    return [f"{first} {last}" for first, last in PEOPLE]


def see_profile(recruiter: Page, names: list[str]) -> None:
    for name in names:
        expect(recruiter.get_by_role("link", name=name, exact=True)).to_be_visible()
    enter(recruiter, recruiter.get_by_role("link", name=names[0], exact=True))
    expect(recruiter.get_by_role("heading", name=names[0])).to_be_visible()
    for scale in tour_story.INSTRUMENT.scales:
        expect(recruiter.get_by_role("region", name=scale.name)).to_be_visible()


def compare(recruiter: Page, names: list[str]) -> None:
    enter(recruiter, recruiter.get_by_role("link", name="Compare with others of this job"))
    for name in names:
        box = recruiter.get_by_role("checkbox", name=name)
        tab_to(recruiter, box)
        if not box.is_checked():
            recruiter.keyboard.press("Space")
        expect(box).to_be_checked()
    enter(recruiter, recruiter.get_by_role("button", name="Compare", exact=True))
    says(recruiter, "How to read it")
    for name in names:
        expect(recruiter.get_by_role("main")).to_contain_text(name)


def write(recruiter: Page, field: Locator, text: str) -> None:
    """Into a field that Tab leads to, if the focus is not there already."""
    if not field.evaluate("one => one === document.activeElement"):
        tab_to(recruiter, field)
    recruiter.keyboard.type(text)


def enter(recruiter: Page, wanted: Locator) -> None:
    tab_to(recruiter, wanted)
    recruiter.keyboard.press("Enter")
