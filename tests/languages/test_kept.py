"""Sentences that are stored with their facts, and read later in another language."""

import json

import pytest
from flask_babel import force_locale

from eqsr.core.messages import store, store_plural
from eqsr.core.stored_messages import render


@pytest.fixture(autouse=True)
def context(app):
    with app.test_request_context():
        yield


def test_a_kept_sentence_is_read_in_the_language_of_its_reader():
    one = store_plural("%(number)s job was read.", "%(number)s jobs were read.", 1, number=1)
    many = store_plural("%(number)s job was read.", "%(number)s jobs were read.", 1204, number=1204)
    assert render(f"{one}\n{many}") == "1 job was read. 1,204 jobs were read."
    with force_locale("de"):
        assert "1.204" in render(many)
        assert render(many) != "1.204 jobs were read."


def test_facts_are_put_in_as_they_are():
    kept = store("Hello %(name)s, %(name)s", name="%(name)s 100% {x}")
    assert render(kept) == "Hello %(name)s 100% {x}, %(name)s 100% {x}"


@pytest.mark.parametrize(
    "name",
    [
        '{"say": ',
        '{"say": 1}',
        '{"say": null, "with": {}}',
        '{"say": "a", "with": []} x',
        json.dumps({"say": "%(a)s %(b)s", "with": {"a": 1}}),
        json.dumps({"say": "%(a)s", "many": 3, "count": "x", "with": {"a": 1}}),
    ],
)
def test_what_only_looks_like_one_stays_as_it_is(name):
    """A person, a job or a stage may have any name."""
    assert render(name) == name


def test_nothing_asks_for_a_million_letters():
    name = json.dumps({"say": "%(a)999999999s", "with": {"a": "x"}})
    assert len(render(name)) < 100
