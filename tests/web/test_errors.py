"""What a person meets when something can't be shown."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from eqsr.accounts import sessions
from eqsr.core.db import db
from eqsr.core.messages import UserError
from eqsr.web import access

pytestmark = pytest.mark.one_database

LOST = "/nothing-here"


def test_a_page_that_is_not_there_says_so_and_offers_a_way_on(world):
    answer = world.log_in(world.alice).get(LOST)
    assert answer.status_code == 404
    page = answer.get_data(as_text=True)
    assert "Page not found" in page
    assert "Go to the start page" in page


def test_who_is_logged_out_is_offered_no_start_page(client):
    answer = client.get(LOST)
    assert answer.status_code == 404
    assert "Go to the start page" not in answer.get_data(as_text=True)


def test_a_part_of_a_page_gets_a_sentence_and_no_second_page_around_it(client):
    answer = client.get(LOST, headers={"HX-Request": "true"})
    assert answer.status_code == 404
    page = answer.get_data(as_text=True)
    assert "There is nothing here" in page
    assert "<html" not in page


def test_a_form_that_was_open_for_too_long_says_what_to_do(world):
    answer = world.log_in(world.alice).post("/jobs/new", data={"title": "x"})
    assert answer.status_code == 400
    assert "reload the page and try again" in answer.get_data(as_text=True)


def test_while_the_database_is_away_the_page_that_says_so_does_not_ask_it(world, monkeypatch):
    browser = world.log_in(world.alice)

    def away(_value):
        raise OperationalError("SELECT", {}, Exception("the server closed the connection"))

    monkeypatch.setattr(sessions, "user_of", away)
    answer = browser.get("/jobs")
    assert answer.status_code == 503
    assert "Part of the service is away just now." in answer.text
    assert "the server closed" not in answer.text


def test_nor_does_a_page_that_is_not_there(world, monkeypatch):
    browser = world.log_in(world.alice)

    def away(_value):
        raise OperationalError("SELECT", {}, Exception("the server closed the connection"))

    monkeypatch.setattr(sessions, "user_of", away)
    for path, status in [(LOST, 404), ("/login", 405)]:
        answer = browser.open(path, method="GET" if status == 404 else "DELETE")
        assert answer.status_code == status
        assert "<h1" in answer.text
    assert browser.post("/login", json={}).status_code == 415


def test_a_mistake_of_ours_shows_nothing_of_its_cause(own_app, caplog):
    def broken():
        raise RuntimeError("a secret detail")

    broken.access = "public"
    own_app.add_url_rule("/broken", view_func=broken)
    answer = own_app.test_client().get("/broken")
    assert answer.status_code == 500
    assert "a secret detail" not in answer.get_data(as_text=True)
    assert "a secret detail" in caplog.text


def test_a_link_that_is_a_key_is_not_logged(own_app, caplog):
    errors = [RuntimeError("broken"), UserError("Not now.")]

    def broken(token):
        raise errors.pop()

    broken.access = "holder"
    own_app.add_url_rule("/opens/<token>/page", view_func=broken)
    for _error in tuple(errors):
        own_app.test_client().get("/opens/the-token-itself/page")
    logged = [record.path for record in caplog.records if hasattr(record, "path")]
    assert logged == ["/opens/<token>/page"] * 2
    assert "the-token-itself" not in caplog.text


def test_what_is_written_to_the_database_is_not_logged(app):
    """An address or an answer is among it."""
    with app.app_context(), pytest.raises(IntegrityError) as refused:
        db.session.execute(
            text("INSERT INTO organisation (id, name) VALUES (:id, :name)"),
            {"id": "1", "name": "an answer of theirs"},
        )
    assert "an answer of theirs" not in str(refused.value)


@pytest.mark.parametrize("value", ["1|\u00e9", "\u00e9", "|", "x"])
def test_a_cookie_that_we_never_set_is_not_read(world, value):
    sent = value.encode().decode("latin-1")  # as a server hands it on
    browser = world.app.test_client(use_cookies=False)  # or it sends only its own
    answer = browser.get("/login", headers={"Cookie": f"remember_token={sent}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("broken", ["page", "error page", "answer"])
def test_whatever_fails_the_log_holds_no_token(world, client, monkeypatch, caplog, broken):
    def fail(*_args, **_kwargs):
        raise RuntimeError("broken")

    fail.access = access.PUBLIC
    app, token = world.app, "a-token-that-opens-everything"
    if broken == "answer":
        monkeypatch.setattr(app, "process_response", fail)
    else:
        monkeypatch.setitem(app.view_functions, "assessments.landing", fail)
    if broken == "error page":
        monkeypatch.setattr("eqsr.web.errors.error_page", fail)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = client.get(f"/take/{token}")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert token not in caplog.text
    assert all(token not in str(vars(record)) for record in caplog.records)
