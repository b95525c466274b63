"""A network that hangs in the questionnaire, in *Finish*, and in the middle of each game: the
person is told, goes on, and the sitting ends scored and right."""

import pytest
from playwright.sync_api import Page, expect

from eqsr.activity.kinds import ActivityKind
from eqsr.invitations.models import InvitationState
from tests.instruments.robots import ROBOTS, expect_hanging
from tests.services.browser import open_page
from tests.services.hanging import Fate, HangingNetwork, hanging_network
from tests.services.pressing import HURRIED, arrives, in_vain
from tests.services.processes import eventually
from tests.sittings import gaming
from tests.sittings import sitting as sit
from tests.sittings.browser_games import GAMES, due, practise, press, rest_by_http, start

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.one_database]

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
PATIENCE_MS = 15_100


@pytest.fixture
def network(site):
    with hanging_network(site.settings.port) as standing:
        yield standing


@pytest.fixture
def phone(browser):
    with open_page(browser, **PHONE) as page:
        yield page


def back(page: Page, network: HangingNetwork) -> None:
    """The network is back, the browser notices, and everything is sent."""
    network.heal()
    offline, saved = page.get_by_text("No connection."), page.get_by_text("Saved", exact=True)

    def sent() -> bool:
        if offline.is_visible():
            page.evaluate("dispatchEvent(new Event('online'))")
        return saved.is_visible()

    assert eventually(sent)


def answer(page: Page, *items: int) -> None:
    for item in items:
        page.locator(f"#q{item} input[value='{sit.HONEST[item]}']").check()


def values(person) -> dict[int, int]:
    return {item: row.value for item, row in sit.stored(person).items()}


def test_questionnaire_and_finish(site, phone, network, client, world):
    person = sit.invite(world)
    phone.add_init_script(HURRIED)
    phone.goto(network.url + person.path)
    in_vain(phone, network, "Start", "/start")
    arrives(phone, "/questions/1", "Start")

    # Never answered, while the person goes on; then the network is back.
    network.hang("POST .*/answer$")
    answer(phone, *sit.ITEMS[:3])
    expect(phone.get_by_text("No connection.")).to_be_visible()
    answer(phone, *sit.ITEMS[3:5])
    assert sit.stored(person) == {}
    back(phone, network)
    assert values(person) == {item: sit.HONEST[item] for item in sit.ITEMS[:5]}

    # Continue is never answered.
    in_vain(phone, network, "Continue", "/questions/1")
    arrives(phone, "/questions/2", "Continue")

    # Stored, but the answer to it is lost or breaks off; changed meanwhile.
    for fate, item in ((Fate.UNANSWERED, 6), (Fate.HALF, 7), (Fate.PORTAL, 8)):
        network.hang("POST .*/answer$", fate)
        phone.locator(f"#q{item} input[value='1']").check()
        expect(phone.get_by_text("No connection.")).to_be_visible()
        answer(phone, item)
        back(phone, network)
        assert values(person)[item] == sit.HONEST[item]
    # An answer that was given up arrives after the one that took its place.
    network.hang("POST .*/answer$")
    phone.locator("#q9 input[value='1']").check()
    expect(phone.get_by_text("No connection.")).to_be_visible()
    answer(phone, 9)
    back(phone, network)
    sit.send(client, person, part="work-style", item="9", value="1", response_ms="900")
    assert values(person)[9] == 1
    answer(phone, 10)
    phone.get_by_role("button", name="Continue").tap()
    phone.wait_for_url("**/questions/3*")
    for page in range(3, 11):
        sit.answer_page(client, person, page)

    # Finish: the server has scored, and nobody heard of it.
    phone.goto(f"{network.url}{person.path}/finish")
    in_vain(phone, network, "Finish", "/finish", Fate.UNANSWERED)
    assert eventually(lambda: sit.invitation(person).state == InvitationState.COMPLETED)
    arrives(phone, "/done", "Finish")
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    phone.go_back()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()

    assert values(person) == sit.HONEST
    calm = sit.invite(world, first="Calm")
    sit.answer_all(client, calm)
    sit.press(client, f"{calm.path}/finish", f"{calm.path}/finish")
    assert _outcomes(person) == _outcomes(calm)
    scored = (ActivityKind.SCORED, ActivityKind.SCORED_WITHOUT_NORM)
    assert sum(kind in scored for kind in sit.told(person)) == 1
    assert len(sit.scores(person)) == len(sit.scores(calm))


def _outcomes(person) -> dict[str, object]:
    return {one.scale: one.outcome for one in sit.scores(person)}


@pytest.mark.parametrize("game", GAMES)
def test_in_the_middle_of_a_game(site, phone, network, client, world, game):
    person = sit.invite(world, assessment=game)
    phone.clock.install()
    phone.goto(network.url + person.path)
    start(phone)
    gaming.long_ago(person)  # the page's clock will run ahead of the server's
    practise(phone, person, game)

    network.hang("POST .*/trials$")
    expect_hanging(phone)
    trials = due(person, game)
    press(phone, "Start")
    offline = phone.get_by_text("No connection.")
    played = 0
    for trial in trials:
        ROBOTS[game](phone, trial, True, False)
        played += 1
        if offline.count():
            break
    else:
        phone.clock.fast_forward(PATIENCE_MS)
    expect(offline).to_be_visible()
    assert gaming.stored(person, game) == []
    back(phone, network)
    kept = [one.trial_number for one in gaming.stored(person, game)]
    assert kept == [trial.number for trial in trials][: len(kept)]
    assert kept and len(kept) >= played - 1  # a letter takes until the next one comes

    # The page is loaded anew, and what it asks first is never answered.
    rest_by_http(client, person, game)
    network.hang("GET .*/state$")
    phone.reload(wait_until="commit")
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    eventually(lambda: network.met and network.met[-1].endswith("/state"))
    phone.clock.fast_forward(PATIENCE_MS)
    expect(offline).to_be_visible()
    network.heal()
    assert eventually(lambda: phone.clock.fast_forward(1100) or _goes_on(phone))

    # The end is reached, and nobody heard of it.
    network.hang("POST .*/finish$", Fate.UNANSWERED)
    press(phone, "Go on")
    assert eventually(lambda: network.met[-1].endswith("/finish"))
    phone.clock.fast_forward(PATIENCE_MS)
    expect(offline).to_be_visible()
    network.heal()
    done = phone.get_by_role("heading", name="Done")
    assert eventually(lambda: phone.clock.fast_forward(1100) or done.count())
    phone.get_by_role("link", name="Continue").tap()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()

    assert sit.invitation(person).state == InvitationState.COMPLETED
    kept = [one.trial_number for one in gaming.stored(person, game)]
    assert len(kept) == len(set(kept))
    scored, right = _outcomes(person), gaming.replayed(person, game)
    assert scored == {one["scale"]: one for one in right}


def _goes_on(page: Page) -> bool:
    return page.get_by_role("button", name="Go on", exact=True).is_visible()
