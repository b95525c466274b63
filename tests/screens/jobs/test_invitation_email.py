"""A job's invitation mail, written, tried out and sent."""

import pytest

from tests.invitations.conftest import Recruiter
from tests.people import said_at

pytestmark = pytest.mark.one_database

WORDS = {
    "language": "",
    "subject": "Your next step at {organisation}",
    "greeting": "Dear {first_name},",
    "body": "Please give us {minutes} minutes for {job}. <b>Thanks</b>\n\n{link}\n\nYours,\n"
    "The team",
}


@pytest.fixture
def bob(story) -> Recruiter:
    return Recruiter(story)


@pytest.fixture
def path(story) -> str:
    return f"/jobs/{story.job_id}/mail"


def test_the_page_begins_with_the_standard_words(bob, path):
    page = bob.sees(path)
    assert "{organisation} invites you to an assessment: {job}" in page and "{link}" in page
    assert "Standard text again" not in page


def test_own_words_reach_the_candidate_in_both_parts(story, bob, path):
    assert "saved" in bob.presses(path, action="save", **WORDS)
    story.moves(story.applies())
    story.work()
    (mail,) = story.mails()
    assert mail["subject"] == "Your next step at Northwind"
    for part in ("text", "html"):
        assert "Dear Ada," in mail[part] and "/take/" in mail[part] and "The team" in mail[part]
    assert "&lt;b&gt;Thanks&lt;/b&gt;" in mail["html"] and "<b>Thanks</b>" in mail["text"]
    assert mail["html"].index("Thanks") < mail["html"].index("/take/") < mail["html"].index("Yours")
    assert "What happens with your results" in mail["html"]
    page = bob.sees(path)
    assert "Dear {first_name}," in page and "Standard text again" in page
    assert "standard text again" in bob.presses(path, action="reset")
    assert "Dear {first_name}," not in bob.sees(path)


@pytest.mark.parametrize("action", ["save", "preview", "test"])
def test_without_its_link_it_is_refused_and_nothing_typed_is_lost(story, bob, path, action):
    answer = bob.posts(path, action=action, **(WORDS | {"body": "Only <words>"}))
    assert answer.status_code == 422
    assert "has no {link}, so nobody could start" in said_at(answer.text, "body")
    assert "Only &lt;words&gt;" in answer.text
    assert story.mails() == []


def test_a_preview_is_for_somebody_like_oneself_and_changes_nothing(bob, path):
    answer = bob.posts(path, action="preview", **WORDS)
    assert answer.status_code == 200
    assert "Dear Bob," in answer.text and "Your next step at Northwind" in answer.text
    headers = {"HX-Request": "true", "X-CSRFToken": bob.token}
    part = bob.browser.post(path, data={"action": "preview"} | WORDS, headers=headers).text
    assert "<html" not in part and "Dear Bob," in part
    assert "Dear {first_name}," not in bob.sees(path)


def test_a_test_mail_goes_to_oneself_only(story, bob, path):
    answer = bob.posts(path, action="test", **WORDS)
    assert (
        answer.status_code == 200 and "The mail was sent to bob@northwind.example." in answer.text
    )
    (mail,) = story.mails()
    assert mail["to"] == [story.world.bob] and "Dear Bob," in mail["text"]


def test_when_the_mail_server_is_away_the_page_says_so(story, bob, path):
    story.box.post("faults", {"kind": "smtp_refuse"})
    answer = bob.posts(path, action="test", **WORDS)
    assert answer.status_code == 422 and "mail server" in answer.text


def test_a_language_is_kept_and_an_unknown_one_refused(bob, path):
    standard = {"language": "nl"} | {
        "subject": "{organisation} invites you to an assessment: {job}",
        "greeting": "Hello {first_name},",
        "body": bob.sees(path).split('name="body"')[1].split(">", 1)[1].split("</textarea>")[0],
    }
    assert "Nederlands" in bob.presses(path, action="save", **standard)
    assert "Standard text again" not in bob.sees(path)
    answer = bob.posts(path, action="save", **(WORDS | {"language": "tlh"}))
    assert answer.status_code == 422
    assert "one of the languages" in said_at(answer.text, "language")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("subject", ""),
        ("subject", "Your {link}"),
        ("subject", "x" * 151),
        ("greeting", " "),
        ("greeting", "Dear {firstname},"),
        ("body", "{link} and {link}"),
        ("body", "Dear {firstname},\n\n{link}"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(bob, path, field, text):
    answer = bob.posts(path, action="save", **(WORDS | {field: text}))
    assert answer.status_code == 422
    assert said_at(answer.text, field)


def test_the_tab_jobs_is_the_current_one(bob, path):
    assert 'href="/jobs" aria-current="page"' in bob.sees(path)
    job = path.removesuffix("/mail")
    for other in ("/jobs", f"{job}/fit", f"{job}/elsewhere", f"{job}/assessment"):
        assert 'href="/jobs" aria-current="page"' in bob.sees(other)
