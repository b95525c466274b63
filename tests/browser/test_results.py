"""From a profile to the comparison, the guide on paper, and the PDF: in a browser."""

import io

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.people import desk, follow, has_no_sideways_scrolling, press, says
from tests.screens.profile.several import answers, completes, make_job
from tests.world import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def people(world: World):
    job_id = make_job(world, "Warehouse team leads")
    return [
        completes(world, job_id, "Zoe Quist", answers(extraversion=5)),
        completes(world, job_id, "Ada Prins", answers(extraversion=1)),
        completes(world, job_id, "Max Ober", answers(extraversion=5)),
    ]


def log_in(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_label("Email", exact=True).fill(World.bob)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Log in")


def test_from_a_profile_to_comparison_guide_and_pdf(browser: Browser, site, people):
    profile = f"{site.url}/candidates/{people[0].application.candidate_id}"
    with desk(browser) as page:
        log_in(page, profile)
        compare(page)
        page.goto(profile)
        follow(page, "Interview guide")
        guide_on_paper(page)
        page.goto(profile)
        with page.expect_download() as download:
            follow(page, "Download PDF")
        found = PdfReader(download.value.path())
        assert "Zoe Quist" in found.pages[0].extract_text()
        assert download.value.suggested_filename.startswith("Assessment report Zoe Quist")


def compare(page: Page) -> None:
    follow(page, "Compare with others of this job")
    expect(page.get_by_role("checkbox", name="Zoe Quist")).to_be_checked()
    press(page, "Compare")
    says(page, "Choose at least 2 and at most 5 people.")
    page.get_by_role("checkbox", name="Ada Prins").check()
    page.get_by_role("checkbox", name="Max Ober").check()
    press(page, "Compare")
    extraversion = page.get_by_role("region", name="Extraversion")
    expect(extraversion.get_by_text("further towards “Outgoing”")).to_have_count(2)
    expect(page.get_by_text("No difference beyond measurement error.", exact=True)).to_have_count(4)
    table = extraversion.get_by_role("table")
    expect(table).to_be_hidden()
    extraversion.get_by_text("As a table").click()
    rows = table.get_by_role("row")
    expect(rows.get_by_role("rowheader")).to_have_text(["Ada Prins", "Max Ober", "Zoe Quist"])
    page.set_viewport_size({"width": 390, "height": 844})
    has_no_sideways_scrolling(page)
    page.set_viewport_size({"width": 1280, "height": 800})


def guide_on_paper(page: Page) -> None:
    """What a printer gets: every question, its box and its ratings, and nothing of the screen."""
    page.evaluate("window.print = () => { document.title = 'printed' }")
    press(page, "Print")
    assert page.title() == "printed"
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    boxes = page.locator(".guide-question .box")
    expect(boxes).to_have_count(10)
    assert all(box.bounding_box()["height"] > 80 for box in boxes.all())
    paper = PdfReader(io.BytesIO(page.pdf(format="A4")))
    text = " ".join(sheet.extract_text() for sheet in paper.pages)
    assert "Interviewer" in text and "Afterwards" in text
    assert len(paper.pages) < 14
    page.emulate_media(media="screen")
