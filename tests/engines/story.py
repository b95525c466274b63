"""What is walked in every browser engine: the candidate's questions and one game, by touch, and
the recruiter's Connect."""

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from eqsr.invitations.models import InvitationState
from tests.engines.hand import Hand
from tests.services.site import Site
from tests.sittings import gaming
from tests.sittings import sitting as sit
from tests.sittings.sitting import Person
from tests.world import PASSWORD, World

FOCUS_SEEN = """const one = document.activeElement;
const seen = (what) => {
  const { outlineStyle, outlineWidth } = getComputedStyle(what);
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
};
return seen(one) || seen(one.closest("label") ?? one);"""
ON = ".game-screen button:not([aria-disabled])"
STOP = "return getComputedStyle(document.querySelector('[data-stop]')).visibility"
RANGE = "return [scrollY, document.documentElement.scrollWidth, innerWidth]"


def questionnaire(hand: Hand, site: Site, person: Person) -> None:
    """From the link to the end: a page by touch on the words, the rest as quickly as it goes."""
    hand.opens(site.url + person.path)
    hand.taps("Start", "button")
    hand.arrives("/questions/1")
    fits(hand)
    for item in sit.ITEMS[:5]:
        before = hand.run("return scrollY")
        hand.touches(answer_label(hand, item, sit.HONEST[item]))
        if item != sit.ITEMS[4]:
            hand.until(lambda item=item: centred(hand, item + 1), f"question {item + 1} ({before})")
    hand.sees("Saved", "#sitting-state")
    assert len(sit.stored(person)) == 5
    hand.taps("Continue", "button")
    hand.arrives("/questions/2")
    by_keys(hand, sit.ITEMS[5])
    for page in range(2, 11):
        for item in sit.ITEMS[(page - 1) * 5 : page * 5]:
            hand.until(lambda item=item: chosen(hand, item, sit.HONEST[item]), f"answer {item}")
        hand.taps("Continue", "button")
        hand.arrives("/finish" if page == 10 else f"/questions/{page + 1}")
    hand.taps("Finish", "button")
    hand.sees("Thank you", "h1")
    assert {item: row.value for item, row in sit.stored(person).items()} == sit.HONEST
    assert sit.invitation(person).state == InvitationState.COMPLETED


def answer_label(hand: Hand, item: int, value: int) -> WebElement:
    """The label of an answer."""
    return hand.driver.find_elements(By.CSS_SELECTOR, f"#q{item} .likert-option span")[value - 1]


def chosen(hand: Hand, item: int, value: int) -> bool:
    """Is this the answer? If not, click on its words, unless the page glides to the next question:
    that click might miss, and begin another glide."""
    radio = f"input[name=item-{item}][value='{value}']"
    if hand.driver.find_element(By.CSS_SELECTOR, radio).is_selected():
        return True
    if hand.is_still():
        answer_label(hand, item, value).click()
    return False


def centred(hand: Hand, item: int) -> bool:
    """Is this question in the middle of the window, below the page's head?"""
    box = hand.run(
        "return document.getElementById(arguments[0]).getBoundingClientRect()", f"q{item}"
    )
    height = hand.run("return innerHeight")
    return abs(box["y"] + box["height"] / 2 - height / 2) < 60


def by_keys(hand: Hand, item: int) -> None:
    """Answer by keys: the focus is seen, and the page stays where it is."""
    for _ in range(20):
        hand.keys(Keys.TAB)
        if hand.run("return document.activeElement.name") == f"item-{item}":
            break
    hand.keys(Keys.SPACE)
    before = hand.run("return scrollY")
    hand.keys(Keys.ARROW_DOWN)
    hand.sees("Saved", "#sitting-state")
    assert hand.run(FOCUS_SEEN), "the focus can't be seen"
    assert abs(hand.run("return scrollY") - before) < 2


def fits(hand: Hand) -> None:
    """Nothing has to be scrolled sideways."""
    _, width, window = hand.run(RANGE)
    assert width <= window


def game(hand: Hand, site: Site, person: Person) -> None:
    """Changing rules, by touch: through the practice and some of the first round, twice as fast as
    a person would, with a second tap on every answer."""
    hand.opens(site.url + person.path)
    hand.taps("Start", "button")
    hand.taps("Try it out", ON)
    hand.taps("Start", ON)
    address = hand.driver.current_url
    for _ in range(12):
        answer(hand)
    hand.sees("That was the practice", "h2")
    hand.taps("Start", ON)
    hand.sees("Part 1 of 3", "h2")
    hand.taps("Start", ON)
    for number in range(1, 6):
        answer(hand)
        hand.until(
            lambda number=number: len(gaming.stored(person, "switching")) == number, f"{number}"
        )
        assert hand.driver.current_url == address
    assert hand.run(STOP) == "hidden"


def answer(hand: Hand) -> None:
    """Tap Left as soon as that is taken, and once more at once."""
    trial = hand.until(
        lambda: hand.run(
            "return document.querySelector('.game-stage.is-open .choice:not([aria-disabled])')"
            "?.closest('[data-trial]').dataset.trial"
        ),
        "a card",
    )
    left = hand.driver.find_element(By.CSS_SELECTOR, ".choice")
    hand.touches(left)
    hand.touches(left)
    hand.until(
        lambda: hand.run(
            "const stage = document.querySelector('.game-stage');"
            "return stage.dataset.trial !== arguments[0] || !stage.matches('.is-open')",
            trial,
        ),
        "what follows an answer",
    )


def connect(hand: Hand, site: Site, world: World) -> None:
    """Log in, create a job, and connect it in the dialog."""
    hand.opens(f"{site.url}/jobs")
    hand.types("email", world.bob)
    hand.types("password", PASSWORD)
    hand.taps("Log in", "button")
    hand.arrives("/jobs")
    hand.taps("Create a Job", "a")
    hand.arrives("/jobs/new")
    hand.types("title", "Bakers")
    hand.taps("Create job", "button")
    hand.taps("Connect", "main button, main a")
    hand.sees("Connect", "dialog h2")
    hand.until(lambda: hand.run("return document.activeElement.type") == "search", "the focus")
    hand.keys("nurse")
    hand.sees("1 job found")
    hand.taps("Nurse", "dialog .option")
    stage = hand.until(
        lambda: hand.driver.find_elements(By.CSS_SELECTOR, "dialog #stage"), "the stages"
    )[0]
    options = stage.find_elements(By.TAG_NAME, "option")
    next(one for one in options if "On-site" in one.get_attribute("textContent")).click()
    hand.taps("Connect", "dialog button")
    hand.until(lambda: not hand.driver.find_elements(By.TAG_NAME, "dialog"), "the end of it")
    hand.sees("Interview: On-site", "main *")
    fits(hand)
