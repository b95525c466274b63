"""The whole story in Dutch, from the link to the profile, without an English sentence."""

import re

import pytest
from babel.messages.pofile import read_po
from sqlalchemy import update

from eqsr.accounts.models import Organisation, User
from eqsr.core.db import transaction
from eqsr.instruments.catalogue import instrument
from tests.languages.catalogues import po
from tests.languages.reading import english_in, texts_of, untranslated_in
from tests.onboarding.admin import Account, Admin
from tests.story import Story
from tests.world import PASSWORD as SECRET
from tests.world import World, csrf

pytestmark = pytest.mark.one_database

# What SmartRecruiters' own screens say, in our pictures of them.
THEIRS = ("Your name", "Credential name")
DUTCH = {"HTTP_ACCEPT_LANGUAGE": "nl"}


@pytest.fixture(scope="module")
def messages() -> dict[str, str]:
    with po("nl").open("rb") as file:
        # One word may be a name or the same word in a sentence of data.
        return {
            message.id: message.string
            for message in read_po(file, locale="nl")
            if isinstance(message.id, str) and " " in message.id
        }


@pytest.fixture
def dutch(world: World) -> World:
    """Everybody of Northwind, and its organisation, speaks Dutch."""
    with world.app.app_context(), transaction() as session:
        session.execute(update(User).values(language="nl"))
        session.execute(update(Organisation).values(language="nl"))
    return world


class Reader:
    """Reads with a browser that asks for Dutch, and collects what is not Dutch."""

    def __init__(self, browser, messages) -> None:
        self.browser, self.messages = browser, messages
        self.browser.environ_base = self.browser.environ_base | DUTCH
        self.findings: list[tuple[str, str]] = []

    def reads(self, path: str, status: int = 200) -> str:
        answer = self.browser.get(path, follow_redirects=True)
        assert answer.status_code == status, (path, answer.status_code)
        self.judges(path, answer.text)
        return answer.text

    def judges(self, where: str, page: str) -> None:
        if "<html" in page:
            assert '<html lang="nl"' in page, where
        texts = [text for text in texts_of(page) if text not in THEIRS]
        assert any(texts), where
        found = english_in(texts) + untranslated_in(texts, self.messages)
        self.findings += [(where, text) for text in found]


def reader(browser, messages) -> Reader:
    return Reader(browser, messages)


def test_the_reader_stumbles_over_english(client, world, messages):
    page = client.get("/login", headers={"Accept-Language": "en"}).text
    assert untranslated_in(texts_of(page), messages)
    assert english_in(["Every answer is saved with the others, and you go on."])
    assert english_in(["Elk antwoord wordt meteen bewaard, ook op de andere apparaten."]) == []
    assert english_in(["#[CANDIDATE:b334078b-be39-be5d] Klaar: /candidates/01a22a5c-afae"]) == []


def test_onboarding_and_login(app, box, dutch, work, messages):
    admin = Admin(app, dutch.northwind)
    account = Account(box, "Northwind Ltd", jobs=("Baker",))
    her = reader(admin.browser, messages)
    her.reads(admin.path)
    admin.consent()
    for step in ("/credential", "/keys"):
        her.reads(admin.path + step)
    wrong = admin.enter("not-an-id", "")
    her.judges("keys refused", wrong.text)
    credential = account.credential()
    admin.enter(credential.client_id, "a-wrong-secret")
    work()
    her.reads(admin.path + "/check")
    admin.enter(credential.client_id, credential.client_secret)
    work()
    her.reads(admin.path + "/check")
    for path, status in (("/login", 200), ("/nowhere", 404), ("/take/nowhere", 404)):
        her.reads(path, status)
    refused = her.browser.post(
        "/login", data={"email": "", "password": "", "csrf_token": csrf(her.browser, "/login")}
    )
    her.judges("login refused", refused.text)
    assert not her.findings, "\n".join(map(str, her.findings))


def test_from_the_job_to_the_profile(dutch, story: Story, messages):
    ada = story.applies()
    story.moves(ada)
    story.work.settle()
    (mail,) = story.mails("ada@example.org")
    candidate = reader(dutch.app.test_client(), messages)
    for part in ("text", "html"):
        candidate.judges(f"mail {part}", mail[part])
    assert mail["subject"] == "Northwind nodigt je uit voor een assessment: Developers"
    path = re.search(r"https?://[^/\s]+(/take/[\w.-]+)", mail["text"])[1]
    _takes(candidate, path)
    for page in (f"{path}/done", f"{path}/results"):
        candidate.reads(page)
    story.work.settle()
    (note,) = story.profile(ada)["notes"]
    candidate.judges("note", note["content"])
    assert "Details bekijken: " in note["content"]
    for mail in story.mails():
        candidate.judges(f"mail {mail['subject']}", mail["text"])
    assert not candidate.findings, "\n".join(map(str, candidate.findings))
    alice = _logged_in(dutch, messages)
    profile = note["content"].rsplit("/", 1)[1]
    jobs = f"/jobs/{story.job_id}"
    for page in (
        "/jobs", "/jobs/new", jobs, f"/candidates/{profile}", f"/candidates/{profile}/guide",
        "/connection", "/connection/health", "/organisation", "/team", "/fairness", "/help",
        "/norms", "/profile",
    ):  # fmt: skip
        answer = alice.browser.get(page, follow_redirects=True)
        if answer.status_code != 404:
            alice.judges(page, answer.text)
    report = alice.browser.get(f"/candidates/{profile}/report.pdf")
    assert report.status_code == 200
    assert b"/Lang" in report.data and b"nl" in report.data.split(b"/Lang", 1)[1][:12]
    assert not alice.findings, "\n".join(map(str, alice.findings))


def _logged_in(world: World, messages) -> Reader:
    her = reader(world.app.test_client(), messages)
    form = {"email": world.alice, "password": SECRET, "csrf_token": csrf(her.browser, "/login")}
    assert her.browser.post("/login", data=form).status_code == 302
    return her


def _takes(candidate: Reader, path: str) -> None:
    """Everything is answered, page by page, as without JavaScript."""
    candidate.reads(path)
    candidate.browser.post(f"{path}/start")
    items = [item.number for item in instrument("work-style").items]
    for page in range(1, 11):
        address = f"{path}/questions/{page}"
        text = candidate.reads(address)
        asked = [number for number in items if f'name="item-{number}"' in text]
        assert asked
        answers = {f"item-{number}": 2 + number % 3 for number in asked}
        candidate.browser.post(address, data=answers)
    candidate.reads(f"{path}/finish")
    candidate.browser.post(f"{path}/finish")


def test_a_visitor_chooses_a_language_at_the_foot_of_a_page(client, world):
    page = client.get("/login?next=/jobs", headers={"Accept-Language": "en"}).text
    assert '<html lang="en"' in page
    assert 'href="/login?next=%2Fjobs&amp;language=nl"' in page
    assert '<html lang="nl"' in client.get("/login?next=%2Fjobs&language=nl").text
    assert '<html lang="nl"' in client.get("/login", headers={"Accept-Language": "en"}).text
    assert '<html lang="nl"' in client.get("/login?language=tlh").text


def test_the_candidate_chooses_another_language_than_the_job(dutch, story):
    story.moves(story.applies())
    story.work.settle()
    (mail,) = story.mails("ada@example.org")
    path = re.search(r"https?://[^/\s]+(/take/[\w.-]+)", mail["text"])[1]
    browser = dutch.app.test_client()
    english = {"Accept-Language": "en"}
    assert '<html lang="nl"' in browser.get(path, headers=english).text
    browser.post(f"{path}/language", data={"language": "fr"})
    assert '<html lang="fr"' in browser.get(path, headers=english).text
    browser.post(f"{path}/start")
    assert instrument("work-style", language="fr").items[0].text in (
        browser.get(f"{path}/questions/1").text
    )
