"""Logging in and out."""

import pytest

from eqsr.accounts import authentication, organisations, service
from eqsr.accounts.models import Role
from eqsr.core.db import transaction
from eqsr.core.messages import UserError
from tests.accounts.login import log_in
from tests.page_text import text_of
from tests.world import PASSWORD, csrf, csrf_token


def test_everybody_lands_on_their_own_start_page(client, world):
    assert client.get("/").headers["Location"] == "/login"
    assert log_in(client, world.alice).headers["Location"] == "/"
    assert client.get("/").headers["Location"] == "/jobs"
    assert world.log_in(world.sam).get("/").headers["Location"] == "/customers"


def test_the_address_is_taken_in_any_case_and_with_blanks(client, world):
    assert log_in(client, "  Alice@Northwind.EXAMPLE ").status_code == 302


def test_view_details_is_reached_right_after_logging_in(client, world):
    wanted = "/candidates/0190b6a6-0000-7000-8000-000000000000?from=note"
    login_page = f"/login?next={wanted}"
    page = client.get(login_page).get_data(as_text=True)
    assert f'name="next" value="{wanted}"' in page
    assert log_in(client, world.alice, path=login_page, next=wanted).headers["Location"] == wanted


def test_a_page_behind_the_login_leads_there_and_back(client, world):
    answer = client.get("/connection")
    assert answer.headers["Location"] == "/login?next=/connection"
    assert log_in(client, world.alice, next="/connection").headers["Location"] == "/connection"


def test_where_a_part_of_a_page_was_asked_for_the_way_back_is_to_the_page(client, world):
    page = {"HX-Request": "true", "HX-Current-URL": "http://localhost/connection?tab=1"}
    answer = client.get("/connection/health", headers=page)
    assert answer.headers["HX-Redirect"] == "/login?next=/connection?tab%3D1"
    for odd in ("", "http://[", "http://localhost"):
        answer = client.get("/connection/health", headers=page | {"HX-Current-URL": odd})
        assert answer.headers["HX-Redirect"] == "/login?next=/"


def test_a_language_chosen_at_the_foot_of_the_login_stays_chosen(client, world):
    assert 'lang="nl"' in client.get("/login?language=nl").text
    assert log_in(client, world.alice).status_code == 302
    assert '<html lang="nl"' in client.get("/jobs").text
    client.post("/logout", data={"csrf_token": csrf_token(client)})
    assert '<html lang="nl"' in client.get("/login").text


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/ok\r\nSet-Cookie: a=b",
        "",
    ],
)
def test_no_other_site_is_led_to(client, world, target):
    page = client.get("/login", query_string={"next": target})
    assert 'name="next" value="/"' in page.get_data(as_text=True)
    assert log_in(client, world.alice, next=target).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("alice@northwind.example", "wrong"),
        ("nobody@northwind.example", PASSWORD),
        ("alice@northwind.example", PASSWORD + " "),
        ("alice@northwind.example'--", PASSWORD),
        ("alice@northwind.example", "x" * 100_000),
    ],
)
def test_a_wrong_pair_is_refused_in_the_same_words(client, world, email, password):
    answer = log_in(client, email, password)
    assert answer.status_code == 401
    assert "This e-mail address and password do not match." in text_of(answer)
    assert client.get("/connection").status_code == 302


def test_a_letter_that_postgresql_takes_nowhere_is_no_mistake_of_ours(client, world):
    # Invisible letters are taken out of an address.
    assert log_in(client, "alice\x00@northwind.example").status_code in (302, 400, 401)
    client.post("/logout", data={"csrf_token": csrf(client, "/profile")})
    form = {"email": "alice\x00@northwind.example", "csrf_token": csrf(client, "/login")}
    assert client.post("/password/forgotten", data=form).status_code in (303, 400)
    assert world.log_in(world.sam).get("/customers/%00").status_code in (400, 404)
    alice = world.log_in(world.alice)
    form = {"name": "A\x00lice", "language": "", "time_zone": ""}
    saved = alice.post("/profile", data=form | {"csrf_token": csrf(alice, "/profile")})
    assert saved.status_code in (303, 400)
    assert alice.get("/profile").status_code == 200


def test_an_empty_form_is_explained(client, world):
    answer = log_in(client, "", "")
    assert answer.status_code == 422
    assert "Enter your e-mail address." in text_of(answer)
    assert "Enter your password." in text_of(answer)


def test_without_a_csrf_token_nobody_gets_in(client, world):
    form = {"email": world.alice, "password": PASSWORD}
    assert client.post("/login", data=form).status_code == 400
    assert client.get("/connection").status_code == 302


def test_guessing_is_slowed_down_and_right_logins_do_not_count(app, world):
    for _time in range(12):
        world.log_in(world.bob)
    browser = app.test_client()
    for _time in range(10):
        assert log_in(browser, world.alice, "wrong").status_code == 401
    answer = log_in(browser, world.alice)
    assert answer.status_code == 429
    assert "Wait a minute" in text_of(answer)


def test_an_account_is_guarded_against_many_addresses(app, world):
    for number in range(10):
        browser = app.test_client()
        browser.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        assert log_in(browser, world.alice, "wrong").status_code == 401
    browser = app.test_client()
    browser.environ_base["REMOTE_ADDR"] = "192.0.2.99"
    assert log_in(browser, world.alice).status_code == 429
    assert log_in(browser, world.bob).status_code == 302


def test_logging_out_ends_it(world):
    browser = world.log_in(world.alice)
    assert browser.get("/logout").status_code == 405
    assert browser.post("/logout").status_code == 400
    token = csrf(browser, "/password")
    assert browser.post("/logout", data={"csrf_token": token}).headers["Location"] == "/login"
    assert browser.get("/password").status_code == 302


def test_a_changed_password_logs_out_everywhere_else(world):
    here, elsewhere = world.log_in(world.alice), world.log_in(world.alice)

    def change(current, new, repeated=None):
        form = {"current": current, "new": new, "repeated": repeated or new}
        return here.post("/password", data={"csrf_token": csrf(here, "/password"), **form})

    assert "This is not your current password." in text_of(change("wrong", "ada reads nine books"))
    assert "at least 12 characters" in text_of(change(PASSWORD, "short"))
    assert "differ" in text_of(change(PASSWORD, "ada reads nine books", "another one of them"))
    assert elsewhere.get("/password").status_code == 200
    assert change(PASSWORD, "ada reads nine books").status_code == 303
    assert here.get("/password").status_code == 200
    assert elsewhere.get("/password").status_code == 302
    assert log_in(world.app.test_client(), world.alice).status_code == 401
    assert log_in(world.app.test_client(), world.alice, "ada reads nine books").status_code == 302


def test_a_deactivated_user_is_out_at_once(app, world):
    browser = world.log_in(world.bob)
    with app.app_context(), transaction():
        bob = next(u for u in service.users_of(world.northwind) if u.email == world.bob)
        bob.active = False
    assert browser.get("/password").status_code == 302
    assert log_in(app.test_client(), world.bob).status_code == 401


@pytest.mark.parametrize("cookie", ["", "x", "x.0", "00000000-0000-0000-0000-000000000000.0"])
def test_a_forged_session_is_nobody(app, world, cookie):
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = cookie
    assert browser.get("/password").status_code == 302


def test_slugs_are_unique_and_plain(app):
    with app.app_context():
        names = ["Ünï & Co", "uni co", "日本", "日本語", "-", "New", "x" * 200]
        slugs = [organisations.create_organisation(name).slug for name in names]
        assert slugs[:5] == ["uni-co", "uni-co-2", "customer", "customer-2", "customer-3"]
        assert slugs[5] == "new-2", "/customers/new is where a customer is added"
        assert len(slugs[6]) == 60
        for bad in ("", "   ", "x" * 201):
            with pytest.raises(UserError):
                organisations.create_organisation(bad)


def test_an_address_belongs_to_one_user(app, world):
    with app.app_context():
        acme = organisations.organisation_by_slug("acme")
        with pytest.raises(UserError, match="exists already"):
            service.create_user("ALICE@northwind.example", acme, Role.ADMIN, "long enough, and odd")
        with pytest.raises(UserError, match="not an e-mail address"):
            service.create_user(f"{'a' * 64}@{'b' * 190}", acme, Role.ADMIN, None)
        newcomer = service.create_user("new@acme.example", acme, Role.ADMIN, None)
        assert authentication.authenticate(newcomer.email, "") is None
