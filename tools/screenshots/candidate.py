"""The candidate, from the mail to their own result; and links that have ended."""

from playwright.sync_api import Page

from tests.services.processes import eventually
from tools.screenshots.studio import PATIENCE_MS, Studio, follow, press, says
from tools.tour_story import INSTRUMENT, option_label
from tools.tour_visitor import Visitor

ADA = "ada.janssen@example.org"


def walk(studio: Studio) -> None:
    ada = studio.box.add("Ada", "Janssen", ADA)
    studio.box.invite(ada)
    link = studio.known["ada"] = studio.box.link_for(ADA, studio.url)
    with studio.window() as page:
        page.goto(studio.box.mail_page(ADA))
        studio.shoot(page, "mail-invitation", "Mail: invitation")
        page.goto(f"{studio.url}/take/not-a-link")
        studio.shoot(page, "take-unknown", "Candidate: a link that leads nowhere")
        _begin(studio, page, link)
        _finish(studio, page, link)
    eventually(lambda: studio.box.note_on(ada), PATIENCE_MS / 1000)


def _begin(studio: Studio, page: Page, link: str) -> None:
    page.goto(link)
    studio.shoot(page, "take-1-landing", "Candidate: landing")
    for language in ("nl", "en"):
        page.locator("form.language select").select_option(language)
        page.locator("form.language button").click()
        page.locator(f"html[lang={language}]").wait_for()
        if language == "nl":
            studio.shoot(page, "take-1-dutch", "Candidate: landing, in Dutch")
    press(page, "Start")
    studio.shoot(page, "take-2-questions", "Candidate: first questions")
    page.get_by_role("radio").first.check()
    page.get_by_text("Saved", exact=True).wait_for()
    press(page, "Continue")
    says(page, "still open")
    studio.shoot(page, "take-3-asked", "Candidate: some are not answered")
    page.goto(link)
    studio.shoot(page, "take-4-back", "Candidate: welcome back")
    page.goto(f"{link}/finish")
    studio.shoot(page, "take-5-review-open", "Candidate: finish with open questions?")


def _finish(studio: Studio, page: Page, link: str) -> None:
    answer(Visitor(studio.url), link, finish=False)
    page.goto(f"{link}/finish")
    studio.shoot(page, "take-6-review", "Candidate: finish?")
    press(page, "Finish")
    page.get_by_role("heading", name="Thank you").wait_for()
    studio.shoot(page, "take-7-done", "Candidate: done")
    done = page.url
    follow(page, "See the questions")
    studio.shoot(page, "take-8-about-you", "Candidate: two voluntary questions")
    press(page, "Send")
    studio.shoot(page, "take-9-said", "Candidate: thank you")
    page.goto(done)
    follow(page, "See your result, and ask a person about it")
    studio.shoot(page, "take-8-results", "Candidate: own result")
    page.get_by_label("What should they know?").fill("A fire alarm went off in the middle.")
    press(page, "Send")
    says(page, "You get their answer by mail")
    studio.shoot(page, "take-9-asked", "Candidate: asked a person")


def answer(
    visitor: Visitor, link: str, finish: bool, always: int | None = None, pages: int = 100
) -> None:
    """Answer through forms, without times; ``always`` selects the same option everywhere.

    ``pages``: leave after this many.
    """
    keyed = {item.text: item.keyed for item in INSTRUMENT.items}
    visitor.go(link)
    button = "Go on" if "Welcome back" in visitor.page.text() else "Start"
    visitor.press(button)
    while (statements := visitor.page.legends()) and pages:
        pages -= 1
        values = {text: always or (4 if keyed[text] == 1 else 2) for text in statements}
        answers = {text: option_label(value) for text, value in values.items()}
        visitor.press("Continue", choices=answers)
    if finish:
        visitor.press("Finish")
