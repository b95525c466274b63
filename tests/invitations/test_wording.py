"""An invitation's own words: what is refused, and what becomes of the placeholders."""

import pytest

from eqsr.core.messages import UserError
from eqsr.invitations import wording, wording_checks
from eqsr.invitations.wording import Words

pytestmark = pytest.mark.one_database

BODY = "Good news!\n\n{link}\n\nSee you soon"
FACTS = {
    "first_name": "Ada",
    "organisation": "Northwind",
    "job": "Baker {link} <b>",
    "assessment": "Work style",
    "minutes": "10",
    "open_until": "Friday",
}


@pytest.mark.parametrize(
    ("subject", "greeting", "body", "sentence"),
    [
        ("", "Hello", BODY, "a subject"),
        ("x" * 151, "Hello", BODY, "a subject"),
        ("Hi", " ", BODY, "a greeting"),
        ("Hi", "Hello", "Good news!", "has no {link}"),
        ("Hi", "Hello", "Press {link} now", "paragraph of its own"),
        ("Hi", "Hello", "{link}\n\n{link}", "Put {link} once"),
        ("Hi {link}", "Hello", BODY, "not into the subject"),
        ("Hi", "Hello {firstname}", BODY, "words that are filled in"),
        ("Hi", "Hello", BODY + "{}", "words that are filled in"),
        ("Hi", "Hello", BODY + "x" * 4000, "4000"),
    ],
)
def test_what_can_not_be_sent_is_refused_in_plain_words(subject, greeting, body, sentence):
    with pytest.raises(UserError) as refused:
        wording_checks.checked(subject, greeting, body)
    assert sentence in refused.value.sentence


def test_the_words_are_tidied():
    words = wording_checks.checked(
        " Hi\n there ", "Hello", "a\r\n\r\n\r\n\r\n{link}\r\n\r\nb\r\nc  "
    )
    assert words == Words("Hi there", "Hello", "a\n\n{link}\n\nb\nc")


def test_what_is_filled_in_is_not_looked_through_again(app):
    words = wording_checks.checked("{job}", "Dear {first_name},", BODY + "\n\n{minutes} of {job}")
    with app.app_context():
        done = wording.filled(words, FACTS)
    assert done.subject == "Baker {link} <b>"
    assert (done.greeting, done.before) == ("Dear Ada,", ["Good news!"])
    assert done.after == ["See you soon", "10 of Baker {link} <b>"]


def test_nobody_is_greeted_by_an_empty_name(app):
    words = wording_checks.checked("Hi", "Dear {first_name},", BODY)
    with app.app_context():
        assert wording.filled(words, FACTS | {"first_name": ""}).greeting == "Hello,"


def test_the_standard_words_pass_their_own_check(app):
    with app.app_context():
        for language in ("en", "nl", "de", "fr"):
            words = wording.standard(language)
            assert wording_checks.checked(words.subject, words.greeting, words.body) == words
