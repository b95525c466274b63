"""Every game: before it, practised, played, skipped, done; and a profile with game results."""

from playwright.sync_api import Page

from eqsr.instruments.catalogue import instruments
from tools.screenshots.studio import Studio, follow, press, says

GAMES = [one for one in instruments() if one.kind == "task"]
PLAYER = "grace.okafor@example.org"
LEAVER = "tom.brandt@example.org"
STEPS = 4  # maximum number of screens between the game's page and its first trial
# Signs that a trial is shown: a letter, a choice, a pattern, or a button to finish.
TO_BE_SEEN = (
    ".letter:not(:empty)",
    ".choice:not(.choice-one):not([aria-disabled])",
    ".pattern",
    ".game-actions .button-primary:enabled",
)


def walk(studio: Studio) -> None:
    with studio.window("admin") as page:
        job, link = _job(page, studio)
        with studio.window() as candidate:
            _try_out(studio, candidate, link)
            _play(studio, candidate, link)
        page.goto(job)
        follow(page, "Grace Okafor")
        studio.shoot(page, "profile-games", "A candidate's profile: games")


def _job(page: Page, studio: Studio) -> tuple[str, str]:
    """Create a job by link with games only; return its address and its link."""
    page.goto(f"{studio.url}/jobs/new")
    page.get_by_label("Assessment (by link)").check()
    page.get_by_label("Title").fill("Dispatchers")
    page.get_by_label("My own choice").check()
    for game in GAMES:
        page.locator(f"#take-{game.id}").check()
        page.locator(f"#up-{game.id}").wait_for()
    page.locator("#take-work-style").uncheck()
    page.get_by_text(f"{sum(game.minutes for game in GAMES)} minutes in all").wait_for()
    press(page, "Create job")
    return page.url, page.get_by_label("Link", exact=True).input_value()


def _join(studio: Studio, page: Page, link: str, first: str, last: str, email: str) -> None:
    page.goto(link)
    page.get_by_label("First name").fill(first)
    page.get_by_label("Last name").fill(last)
    page.get_by_label("Email").fill(email)
    press(page, "Continue")
    says(page, "Look in your mailbox")
    page.goto(studio.box.link_for(email, studio.url))
    press(page, "Continue")


def _try_out(studio: Studio, page: Page, link: str) -> None:
    """Play each game up to its first trial, then skip it and go to the next one."""
    _join(studio, page, link, "Tom", "Brandt", LEAVER)
    landing = page.url
    page.get_by_text("Do you need more time?").click()
    studio.shoot(page, "take-game-landing", "Candidate: landing of several parts")
    for number, game in enumerate(GAMES):
        name = f"take-game-{game.id}"
        press(page, "Start")
        page.get_by_role("button", name="Try it out").wait_for()
        studio.shoot(page, f"{name}-intro", f"Candidate: before “{game.name}”")
        press(page, "Try it out")
        _to_first_trial(page)
        studio.shoot(page, f"{name}-practice", f"Candidate: practising “{game.name}”")
        page.goto(landing)
        page.get_by_text("I can't take this game").click()
        if number == 0:
            studio.shoot(page, "take-game-leave", "Candidate: leave a game out?")
        press(page, "Leave this game out")
    studio.shoot(page, "take-game-left-out", "Candidate: done, all games left out")
    page.goto(f"{landing}/results")
    studio.shoot(page, "take-game-no-results", "Candidate: own result, all left out")


def _to_first_trial(page: Page) -> None:
    playing = page.locator(".game-on")
    start = page.get_by_role("button", name="Start", exact=True)
    for _ in range(STEPS):
        playing.or_(start).first.wait_for()
        if playing.count():
            break
        start.click()
    page.locator(", ".join(f".game-on {one}" for one in TO_BE_SEEN)).first.wait_for()


def _play(studio: Studio, page: Page, link: str) -> None:
    _join(studio, page, link, "Grace", "Okafor", PLAYER)
    landing = page.url
    studio.backstage("play", PLAYER)
    page.goto(landing)
    studio.shoot(page, "take-game-between", "Candidate: between two games")
    press(page, "Go on")
    press(page, "Go on")
    page.get_by_role("heading", name="Done", exact=True).wait_for()
    studio.shoot(page, "take-game-done", "Candidate: a game is done")
    follow(page, "Continue")
    says(page, "Thank you")
    studio.shoot(page, "take-games-done", "Candidate: all games are done")
    page.goto(f"{landing}/results")
    studio.shoot(page, "take-games-results", "Candidate: own result of games")
