"""The last step of a link: its person becomes the first admin, once, and nobody else does."""

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from eqsr.accounts import organisations
from eqsr.accounts import service as accounts
from eqsr.accounts.models import Role, User
from eqsr.core.db import db
from tests.onboarding.admin import Admin
from tests.page_text import text_of
from tests.people import link_in
from tests.world import PASSWORD, csrf

EMAIL = "it@northwind.example"  # whom the links of tests.onboarding.admin are made for
GOOD = {"name": "Ida Berg", "new": "three unrelated words", "repeated": "three unrelated words"}


@pytest.fixture
def newcomer(app, world, account, site, work) -> Admin:
    """Somebody of a customer without any user, whose link has just connected."""
    with app.app_context():
        organisation = organisations.create_organisation("Newcomer")
    admin = Admin(app, organisation.id)
    admin.connect(account.credential(), work)
    return admin


def users(app, organisation_id) -> dict[str, Role]:
    with app.app_context():
        found = db.session.scalars(select(User).where(User.organisation_id == organisation_id))
        return {user.email: user.role for user in found}


def hash_of(app, email: str) -> str:
    with app.app_context():
        return db.session.scalar(select(User.password_hash).where(User.email == email))


def sends(admin: Admin, step: str, browser=None, **form: str):
    """Post to a step with the token of the page Done."""
    browser = browser or admin.browser
    token = csrf(browser, "/login" if browser is not admin.browser else admin.path + "/done")
    return browser.post(admin.path + step, data={"csrf_token": token, **form})


def test_the_first_admin_chooses_a_password_and_creates_a_job(app, newcomer):
    page = newcomer.text("/done")
    assert "3 jobs were read." in page
    assert f"You will log in as {EMAIL}." in page
    answer = sends(newcomer, "/account", **GOOD)
    assert (answer.status_code, answer.location) == (303, "/jobs")
    jobs = text_of(newcomer.browser.get("/jobs"))
    assert "Newcomer is connected. Now create your first job." in jobs
    assert "Create a Job" in jobs
    assert users(app, newcomer.organisation_id) == {EMAIL: Role.ADMIN}
    stranger = app.test_client()
    assert "This link has done its work" in text_of(stranger.get(newcomer.path))
    form = {"email": EMAIL, "password": GOOD["new"], "csrf_token": csrf(stranger, "/login")}
    assert stranger.post("/login", data=form).status_code == 302


def test_a_form_reopened_leads_to_the_last_step(newcomer):
    for step in ("/account", "/join", "/leave"):
        answer = newcomer.get(step)
        assert (answer.status_code, answer.location) == (302, newcomer.path + "/done"), step


def test_what_is_wrong_with_a_login_is_said_in_its_form(newcomer):
    answer = sends(newcomer, "/join", email=EMAIL, password="wrong wrong wrong")
    above, login = answer.text.split("<details", 2)[:2]
    assert "do not match" in login
    assert login.startswith(' class="card" open')
    assert re.search('<input[^>]* id="password"[^>]* autofocus', login)
    assert "do not match" not in above


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "Enter your name"),
        ({"new": "short", "repeated": "short"}, "at least 12 characters"),
        ({"repeated": "three unrelated wordz"}, "The two passwords differ."),
        ({"new": "passwordpassword", "repeated": "passwordpassword"}, "password"),
        ({"new": EMAIL, "repeated": EMAIL}, "password"),
    ],
)
def test_a_mistake_is_said_and_leaves_the_link(app, newcomer, wrong, sentence):
    answer = sends(newcomer, "/account", **GOOD | wrong)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert users(app, newcomer.organisation_id) == {}
    assert sends(newcomer, "/account", **GOOD).status_code == 303


def test_the_address_is_the_links_whatever_the_form_says(app, newcomer):
    sends(newcomer, "/account", **GOOD, email="mallory@example.org", username="m@example.org")
    assert list(users(app, newcomer.organisation_id)) == [EMAIL]


def test_a_link_that_has_not_connected_makes_nobody(app, world, account, site, work):
    with app.app_context():
        organisation_id = organisations.create_organisation("Newcomer").id
    admin = Admin(app, organisation_id)
    posts = {"/account": GOOD, "/join": {"email": world.bob, "password": PASSWORD}, "/leave": {}}
    for step, form in posts.items():
        token = csrf(admin.browser, admin.path)
        answer = admin.browser.post(admin.path + step, data={"csrf_token": token, **form})
        assert answer.status_code == 302, step
    for step in posts:  # half filled in, and with a wrong password
        token = csrf(admin.browser, admin.path)
        form = {"csrf_token": token, "email": world.bob, "password": "wrong wrong wrong"}
        assert admin.browser.post(admin.path + step, data=form).status_code == 302, step
    wrong = account.credential(without=("jobs_read",))
    admin.consent()
    admin.enter(wrong.client_id, wrong.client_secret)
    work()
    for step, form in posts.items():
        token = csrf(admin.browser, admin.path + "/check")
        answer = admin.browser.post(admin.path + step, data={"csrf_token": token, **form})
        assert answer.status_code == 302, step
    assert users(app, organisation_id) == {}


def test_where_there_is_an_admin_a_link_makes_no_second_one(app, world, admin, account, site, work):
    admin.connect(account.credential(), work)
    before = users(app, world.northwind)
    page = admin.text("/done")
    assert "Northwind has an admin already" in page
    assert "Set password" not in page
    assert sends(admin, "/account", **GOOD).status_code == 422
    answer = sends(admin, "/join", email=world.bob, password=PASSWORD)
    assert answer.status_code == 422
    assert "has an admin already" in text_of(answer)
    assert sends(admin, "/leave").status_code == 422
    assert users(app, world.northwind) == before
    assert admin.browser.get("/jobs").status_code == 302  # nobody was logged in


def test_an_existing_account_is_not_taken_over(app, world, account, site, work):
    """The link's address has an account: at this customer, or at another one."""
    with app.app_context():
        newcomer = organisations.create_organisation("Newcomer")
        accounts.create_user(EMAIL, newcomer, Role.REVIEWER, PASSWORD)
    admin = Admin(app, newcomer.id)
    admin.connect(account.credential(), work)
    page = admin.text("/done")
    assert f"{EMAIL} has an account already." in page
    assert "Set password" not in page
    before = hash_of(app, EMAIL)
    assert sends(admin, "/account", **GOOD).status_code == 422
    assert hash_of(app, EMAIL) == before
    assert users(app, newcomer.id) == {EMAIL: Role.REVIEWER}
    assert sends(admin, "/join", email=EMAIL, password="wrong wrong wrong").status_code == 401
    answer = sends(admin, "/join", email=EMAIL, password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/jobs")
    assert users(app, newcomer.id) == {EMAIL: Role.ADMIN}
    assert admin.browser.get("/team").status_code == 200
    assert app.test_client().get(admin.path).status_code == 410


def test_an_account_of_another_organisation_stays_there(app, world, newcomer):
    for email in (world.charlie, world.sam):
        answer = sends(newcomer, "/join", email=email, password=PASSWORD)
        assert answer.status_code == 422
        assert "an account can belong to one only" in text_of(answer)
    assert newcomer.browser.get("/jobs").status_code == 302
    assert users(app, newcomer.organisation_id) == {}
    assert users(app, world.acme) == {world.charlie: Role.ADMIN}
    assert sends(newcomer, "/account", **GOOD).status_code == 303


def test_a_deactivated_account_does_not_come_back_by_a_link(app, newcomer):
    with app.app_context():
        organisation = newcomer.connection_owner()
        gone = accounts.create_user("gone@newcomer.example", organisation, Role.ADMIN, PASSWORD)
        gone.active = False
        db.session.commit()
    answer = sends(newcomer, "/join", email="gone@newcomer.example", password=PASSWORD)
    assert answer.status_code == 401
    assert sends(newcomer, "/account", **GOOD).status_code == 303


def test_somebody_else_leaves_the_last_step_to_the_admin(app, newcomer, box, work):
    answer = sends(newcomer, "/leave")
    assert f"An email is on its way to {EMAIL}" in text_of(answer)
    assert newcomer.get("/done").status_code == 410
    work()
    browser = app.test_client()
    path = link_in(box, EMAIL, "/join/")
    assert "Join Newcomer" in text_of(browser.get(path))
    form = {"csrf_token": csrf(browser, path), **GOOD}
    assert browser.post(path, data=form).status_code == 303
    assert users(app, newcomer.organisation_id) == {EMAIL: Role.ADMIN}


def test_after_an_hour_the_last_step_is_over_and_staff_invites(app, world, newcomer, box, work):
    token = csrf(newcomer.browser, newcomer.path + "/done")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)):
        late = newcomer.get("/done")
        assert late.status_code == 410
        assert "nobody has made an account with this link" in text_of(late)
        form = {"csrf_token": token, **GOOD}
        assert newcomer.browser.post(newcomer.path + "/account", data=form).status_code == 410
        sam = world.log_in(world.sam)
        assert "nobody can log in as an admin yet" in text_of(sam.get("/customers/newcomer"))
        form = {"csrf_token": csrf(sam, "/customers/newcomer"), "admin_email": EMAIL}
        assert sam.post("/customers/newcomer/admin", data=form).status_code == 303
        work()
        browser, path = app.test_client(), link_in(box, EMAIL, "/join/")
        form = {"csrf_token": csrf(browser, path), **GOOD}
        assert browser.post(path, data=form).status_code == 303
        assert "has done its work" in text_of(newcomer.get())
        assert "Log in to create jobs" in text_of(newcomer.get())
    assert users(app, newcomer.organisation_id) == {EMAIL: Role.ADMIN}


def test_two_who_send_it_at_once_make_one_admin(app, newcomer, box, work):
    """Twice by the link, and once by an invitation of staff's, all in the same moment."""
    with app.app_context():
        from eqsr.teams import first_admin_invitations

        first_admin_invitations.invite_first_admin(
            newcomer.organisation_id, None, "other@newcomer.example"
        )
    work()
    path = link_in(box, "other@newcomer.example", "/join/")
    asked = []
    for address in (newcomer.path + "/account", newcomer.path + "/account", path):
        browser = app.test_client()
        page = newcomer.path + "/done" if address != path else path
        asked.append((browser, address, {"csrf_token": csrf(browser, page), **GOOD}))
    barrier, answers = threading.Barrier(len(asked)), []

    def send(browser, address, form) -> None:
        barrier.wait()
        answers.append(browser.post(address, data=form).status_code)

    threads = [threading.Thread(target=send, args=one) for one in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers)[0] == 303
    assert sorted(answers).count(303) == 1
    assert list(users(app, newcomer.organisation_id).values()) == [Role.ADMIN]


def test_done_says_so_while_jobs_are_still_being_read(app, newcomer):
    from eqsr.connections.models import Connection

    with app.app_context():
        connection = db.session.scalar(select(Connection))
        connection.steps = [
            step | ({"state": "waiting", "sentence": ""} if step["name"] == "jobs" else {})
            for step in connection.steps
        ]
        db.session.commit()
    assert "Your jobs are being read from SmartRecruiters." in newcomer.text("/done")
    assert not re.search(r"\d+ jobs were read", newcomer.text("/done"))
