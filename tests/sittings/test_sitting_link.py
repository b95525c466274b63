"""Coming by a job's open link."""

import pytest
from sqlalchemy import select

from eqsr.core.db import db
from eqsr.invitations.models import SignUp
from eqsr.jobs.models import JobState
from tests.sittings import sitting as sit

ADA = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@mail.example"}


@pytest.fixture
def link(world):
    return sit.share(world)


def test_the_open_link_says_what_it_is_and_asks_who_comes(client, link):
    assert "It belongs to the vacancy" in client.get(link).text
    answer = sit.press(client, link, link, **(ADA | {"email": " ada@mail.example "}))
    assert answer.status_code == 200
    assert "Look in your mailbox" in answer.text and ">ada@mail.example<" in answer.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"first_name": " "}, "Enter your first name."),
        ({"last_name": ""}, "Enter your last name."),
        ({"email": "ada"}, "That is not an e-mail address."),
        ({"email": "a@b@c"}, "That is not an e-mail address."),
        ({"email": "ada@mail.example\nBcc: x@y.example"}, "That is not an e-mail address."),
        ({"first_name": "x" * 101}, "first_name-error"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_is_kept(client, link, wrong, said, work):
    answer = sit.press(client, link, link, **(ADA | wrong))
    assert answer.status_code == 422
    assert said in answer.text
    kept = ({"first_name", "last_name", "email"} - wrong.keys()).pop()
    assert f'value="{ADA[kept]}"' in answer.text
    assert work.rows() == []


@pytest.mark.parametrize("state", [JobState.CLOSED, JobState.DRAFT])
def test_a_job_that_takes_nobody_says_so(client, world, state):
    link = sit.share(world, state)
    page = client.get(link)
    assert page.status_code == 410
    assert "This vacancy takes no more answers" in page.text
    assert client.post(link, data=ADA).status_code in (410, 422)


def test_an_open_link_is_no_personal_link(client, link, world):
    person = sit.invite(world)
    for path in ("/questions", "/questions/1", "/finish", "/done"):
        assert client.get(link + path).status_code == 404
    assert client.post(f"{link}/start").status_code == 404
    assert client.post(person.path, data=ADA).status_code == 404


def test_control_characters_in_a_name_are_left_out(app, client, link):
    """A database may refuse them. The joiner of two letters is none."""
    answer = sit.press(client, link, link, **(ADA | {"first_name": "Ada\x00\x1b\nرو\u200cزا"}))
    assert answer.status_code == 200
    with app.app_context():
        assert db.session.scalar(select(SignUp.first_name)) == "Ada رو\u200cزا"


def test_names_are_text(client, link):
    answer = sit.press(client, link, link, **(ADA | {"first_name": "<i>x", "email": "no"}))
    assert "<i>x" not in answer.text
    assert "&lt;i&gt;x" in answer.text
