"""The password is asked for again before what would harm most."""

import re
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from eqsr.accounts.models import LoginSession
from eqsr.activity.models import AuditEntry
from eqsr.candidates.models import Application
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.extras.partners.models import PlatformKey
from eqsr.extras.shared_profiles.models import ProfileShare
from tests.accounts.guesses import a_minute_passes
from tests.architecture.rows import all_rows, changed
from tests.page_text import text_of
from tests.people import person
from tests.teams.members import id_of
from tests.world import PASSWORD, csrf

NOBODY = str(uuid.uuid4())


@dataclass(frozen=True)
class Ask:
    """A request that has to ask, by the endpoint's name. ``who``: sam is staff, alice an admin."""

    endpoint: str
    path: str
    form: dict[str, str] = field(default_factory=dict)
    get: bool = False
    who: str = "alice"


ASKS = [
    Ask("teams.change_role", "/team/members/{bob}/role", {"role": "admin"}),
    Ask("teams.reactivate", "/team/members/{bob}/reactivate"),
    Ask("teams.invite", "/team/invite", {"email": "new@northwind.example", "role": "admin"}),
    Ask("inviting.invite", "/customers/acme/admin", {"admin_email": "a@acme.example"}, who="sam"),
    Ask("onboarding.make_link", "/customers/acme/links", {"email": "a@acme.example"}, who="sam"),
    Ask("platforms.make_key", "/platforms/{platform}/keys"),
    Ask("guests.share", "/candidates/{candidate}/guests", {"email": "g@example.org", "days": "7"}),
    Ask("connections.disconnect", "/connection/disconnect", {"sure": "1"}),
    Ask("connections.replace_key", "/connection/key"),
    Ask("reconnecting.keys", "/connection/reconnect", get=True),
    Ask("reconnecting.keys", "/connection/reconnect", {"client_id": "x", "client_secret": "y"}),
    Ask("erasing.erase", "/applications/{application}/erase", {"sure": "1"}),
    Ask("erasing.keep", "/organisation/keeping", {"months": "12"}),
    Ask("fairness.switch_off", "/fairness/off", {"sure": "1"}),
    Ask("fairness.export", "/fairness/report.csv", get=True),
    Ask("audit.export", "/team/log.csv", get=True),
    Ask("jobs.export", "/jobs/{job}/invitations.csv", get=True),
]


@pytest.fixture
def ids(story) -> dict[str, object]:
    """What the addresses above name."""
    alice = person(story.world, story.world.alice)
    alice.presses("/platforms", name="Puzzle House", host="puzzle.example")
    platform = re.search(r"/platforms/([0-9a-f-]{36})/keys", alice.browser.get("/platforms").text)
    story.moves(story.applies())
    story.work()
    page = alice.browser.get(f"/jobs/{story.job_id}/people").text
    page += alice.browser.get(f"/jobs/{story.job_id}").text
    candidate = re.search(r"/candidates/([0-9a-f-]{36})", page)
    with story.world.app.app_context():
        application = db.session.scalars(select(Application)).first()
        found = {"application": application.id, "candidate": application.candidate_id}
    assert candidate is None or candidate[1] == str(found["candidate"])
    return found | {
        "bob": id_of(story.world, story.world.bob),
        "platform": platform[1],
        "job": story.job_id,
    }


def minutes_pass(app, minutes: float = 11) -> None:
    """Let it be longer ago that anybody gave a password; nobody is logged out by that."""
    with app.app_context(), transaction() as session:
        earlier = now() - timedelta(minutes=minutes)
        session.execute(update(LoginSession).values(confirmed_at=earlier))


def test_another_web_server_whose_clock_is_behind_does_not_ask_again(app, world):
    alice = person(world, world.alice)
    minutes_pass(app, minutes=-0.1)
    assert alice.browser.get("/team/log.csv").status_code == 200
    minutes_pass(app, minutes=-5)
    assert alice.browser.get("/team/log.csv").status_code == 302


def test_the_list_is_whole(app):
    found = {
        name for name, view in app.view_functions.items() if getattr(view, "asks_password", False)
    }
    assert found == {ask.endpoint for ask in ASKS}


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: f"{ask.endpoint}{'-get' * ask.get}")
def test_each_of_them_asks_and_changes_nothing_until_then(app, world, story, ids, ask):
    user = person(world, getattr(world, ask.who))
    token = csrf(user.browser, "/help")
    path = ask.path.format(**ids)
    minutes_pass(app)
    before = all_rows(app)
    if ask.get:
        assert user.browser.head(path).status_code == 302
        answer = user.browser.get(path)
        assert answer.status_code == 302
    else:
        answer = user.browser.post(path, data={"csrf_token": token, **ask.form})
        assert answer.status_code in (303, 403), answer.status_code
    if answer.status_code != 403:
        assert answer.location.startswith("/password/confirm?next=")
        answer = user.browser.get(answer.location)
    assert "Your password, please" in text_of(answer)
    assert changed(before, all_rows(app)) == set()


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form in the page, as its browser would send them."""
    main = page.split("<main", 1)[1]
    fields = re.findall(r'<input type="hidden" name="([^"]+)"[^>]*? value="([^"]*)"', main)
    return {name: unescape(value) for name, value in fields}


def action(page: str) -> str:
    return unescape(re.search(r'<form[^>]* action="([^"]+)"', page.split("<main", 1)[1])[1])


def test_what_was_entered_goes_along(app, world, story, ids):
    alice = person(world, world.alice)
    minutes_pass(app)
    path = f"/candidates/{ids['candidate']}/guests"
    form = {"id": NOBODY, "email": "ben@example.org", "days": "7"}
    asked = alice.posts(path, **form)
    assert (asked.status_code, action(asked.text)) == (403, path)
    kept = hidden(asked.text)
    assert form.items() <= kept.items()
    wrong = alice.browser.post(path, data=kept | {"confirm_password": "wrong"})
    assert wrong.status_code == 422
    assert "This is not your current password." in text_of(wrong)
    assert form.items() <= hidden(wrong.text).items(), "and is kept after a mistake too"
    right = alice.browser.post(path, data=hidden(wrong.text) | {"confirm_password": PASSWORD})
    assert right.status_code == 303
    with app.app_context():
        assert db.session.scalars(select(ProfileShare.email)).all() == ["ben@example.org"]
        actions = db.session.scalars(select(AuditEntry.action)).all()
    assert {"password_refused", "password_confirmed"} <= set(actions)
    assert alice.posts(f"/platforms/{ids['platform']}/keys").status_code == 200, "not asked again"


def test_odd_letters_in_what_was_entered_are_only_letters(app, world, story, ids):
    alice = person(world, world.alice)
    minutes_pass(app)
    odd = '"><script>alert(1)</script>&amp;'
    asked = alice.posts(f"/candidates/{ids['candidate']}/guests", email=odd, **{odd: odd})
    assert "<script>alert" not in asked.text
    assert hidden(asked.text)["email"] == odd


def test_a_secret_is_never_written_into_a_page(app, world, story):
    alice = person(world, world.alice)
    minutes_pass(app)
    asked = alice.posts("/connection/reconnect", client_id="x", client_secret="very-secret-value")
    page = alice.browser.get(asked.location)
    assert "very-secret-value" not in asked.text + asked.location + page.text
    assert "was not kept" in text_of(page)


def test_a_file_is_downloaded_after_the_password(app, world, story, ids):
    alice = person(world, world.alice)
    minutes_pass(app)
    path = f"/jobs/{story.job_id}/invitations.csv?state=invited"
    page = alice.browser.get(alice.browser.get(path).location).text
    form = hidden(page) | {"confirm_password": PASSWORD}
    answer = alice.browser.post(action(page), data=form)
    assert (answer.status_code, answer.location) == (303, path)
    assert alice.browser.get(answer.location).mimetype == "text/csv"


def test_a_part_of_a_page_leads_to_the_page_that_asks(app, world, story, ids):
    alice = person(world, world.alice)
    token = csrf(alice.browser, "/help")
    minutes_pass(app)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/platforms?x=1"}
    path = f"/platforms/{ids['platform']}/keys"
    answer = alice.browser.post(path, data={"csrf_token": token}, headers=headers)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/password/confirm?next=/platforms?x%3D1&lost=1"
    with app.app_context():
        assert db.session.scalars(select(PlatformKey)).all() == []


def test_nobody_is_led_to_another_site(app, world):
    alice = person(world, world.alice)
    for target in ("https://evil.example", "//evil.example", "/\\evil.example"):
        page = alice.browser.get("/password/confirm", query_string={"next": target}).text
        assert hidden(page)["next"] == "/"
        answer = alice.posts("/password/confirm", next=target, confirm_password=PASSWORD)
        assert answer.location == "/"
    minutes_pass(app)
    foreign = {"Referer": "https://evil.example/x"}
    path = f"/team/members/{id_of(world, world.bob)}/reactivate"
    token = {"csrf_token": csrf(alice.browser, "/help")}
    asked = alice.browser.post(path, data=token, headers=foreign)
    assert "evil.example" not in asked.text


def test_the_password_is_guessed_here_no_faster(app, world):
    alice = person(world, world.alice)
    minutes_pass(app)
    path = f"/team/members/{id_of(world, world.bob)}/reactivate"
    for number in range(10):
        where = path if number % 2 else "/password/confirm"
        assert alice.posts(where, confirm_password="wrong").status_code == 422
    for where in (path, "/password/confirm"):
        assert alice.posts(where, confirm_password=PASSWORD).status_code == 429
    a_minute_passes()
    assert alice.posts("/password/confirm", confirm_password=PASSWORD).status_code == 303


def test_it_holds_for_this_session_alone_and_for_ten_minutes(app, world):
    path = f"/team/members/{id_of(world, world.bob)}/reactivate"
    here, elsewhere = person(world, world.alice), person(world, world.alice)
    minutes_pass(app)
    assert here.posts("/password/confirm", confirm_password=PASSWORD).status_code == 303
    assert here.posts(path).status_code == 303
    assert elsewhere.posts(path).status_code == 403
    minutes_pass(app, 9)
    assert here.posts(path).status_code == 303
    minutes_pass(app, 10)
    assert here.posts(path).status_code == 403


def test_who_may_not_is_not_asked(app, world):
    bob = person(world, world.bob)
    minutes_pass(app)
    path = f"/team/members/{id_of(world, world.dora)}/reactivate"
    assert bob.posts(path).status_code == 404
    assert bob.posts(path, confirm_password=PASSWORD).status_code == 404


def test_making_a_reviewer_does_not_ask(app, world, box, work):
    alice = person(world, world.alice)
    minutes_pass(app)
    assert (
        alice.posts("/team/invite", email="n@northwind.example", role="reviewer").status_code == 303
    )
