"""Customers: what staff sees and does."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event

from eqsr.accounts import organisations
from eqsr.core.db import db
from tests.onboarding.admin import Admin
from tests.page_text import opened_url, text_of
from tests.world import csrf


def make_link(browser, slug: str, **form):
    token = csrf(browser, f"/customers/{slug}")
    return browser.post(f"/customers/{slug}/links", data={"csrf_token": token, **form})


def shown_url(answer) -> str:
    return re.search(r'value="(http[^"]+/onboarding/[^"]+)"', answer.get_data(as_text=True))[1]


def test_a_customer_is_added_and_gets_a_link_by_mail(world, box):
    sam = world.log_in(world.sam)
    form = {"csrf_token": csrf(sam, "/customers/new"), "name": "  Łódź   Bakers "}
    answer = sam.post("/customers/new", data=form)
    assert answer.headers["Location"].endswith("/customers/odz-bakers")
    assert "Łódź Bakers" in text_of(sam.get("/customers"))

    answer = make_link(sam, "odz-bakers", email="It@Bakers.example", mail_now="y")
    url = shown_url(answer)
    assert "It was mailed to it@bakers.example." in text_of(answer)
    [mail] = box.get("mails", to="it@bakers.example")
    assert url in str(mail)
    assert url not in sam.get("/customers/odz-bakers").get_data(as_text=True)
    assert world.app.test_client().get("/" + url.split("/", 3)[3]).status_code == 200


def test_a_customer_whose_form_is_sent_twice_is_one(world):
    sam = world.log_in(world.sam)
    page = sam.get("/customers/new").get_data(as_text=True)
    fields = re.findall(r'name="(id|csrf_token)"[^>]* value="([^"]+)"', page)
    form = dict(fields) | {"name": "Bakers"}
    assert form.keys() == {"id", "csrf_token", "name"}
    answers = [sam.post("/customers/new", data=form) for _time in range(2)]
    assert {one.location for one in answers} == {"/customers/bakers"}
    # Another form, or one without a usable id, makes another.
    for other in (form | {"id": "no id"}, {**form, "id": ""}):
        assert sam.post("/customers/new", data=other).location != "/customers/bakers"


def test_a_link_is_made_although_the_mail_server_is_away(world, box):
    sam = world.log_in(world.sam)
    box.post("faults", {"kind": "smtp_refuse"})
    answer = make_link(sam, "northwind", email="it@northwind.example", mail_now="y")
    assert answer.status_code == 200
    assert "copy the link and send it yourself" in text_of(answer)
    assert shown_url(answer)
    assert "Made, not mailed" in text_of(answer)


def test_a_bad_address_makes_no_link(world):
    sam = world.log_in(world.sam)
    for email in (
        "",
        "nobody",
        "a@b@c",
        "two words@x.example",
        "a@x.example\r\nBcc: b@y.example",
    ):
        answer = make_link(sam, "northwind", email=email, mail_now="y")
        assert answer.status_code == 422, email
    assert "No link has been made yet." in text_of(sam.get("/customers/northwind"))


def test_how_far_a_link_got_is_seen(app, world, account, site, work):
    sam = world.log_in(world.sam)
    admin = Admin(app, world.northwind)

    def seen() -> str:
        return text_of(sam.get("/customers")).split("Northwind")[1]

    assert "Made, not mailed" in seen()
    page = admin.get()
    assert "Made, not mailed" in seen(), "a program may have fetched it"
    headers = {"X-CSRFToken": csrf(admin.browser, admin.path)}
    assert admin.browser.post(opened_url(page.text), headers=headers).status_code == 204
    assert "Opened" in seen()
    admin.consent()
    assert "Consent given" in seen()
    credential = account.credential(without=("jobs_read",))
    admin.enter(credential.client_id, credential.client_secret)
    assert "Credentials entered" in seen()
    work()
    assert "Failed" in seen()
    assert "The scope jobs_read is missing" in text_of(sam.get("/customers/northwind"))
    account.grant(credential, "all")
    admin.enter(credential.client_id, credential.client_secret)
    work()
    assert seen().count("Active") == 1
    assert "Connected" in seen()
    old = admin.path
    assert admin.get_link() != old
    with time_machine.travel(datetime.now(UTC) + timedelta(days=15)):
        late = text_of(world.log_in(world.sam).get("/customers"))
    assert "Expired" in late.split("Northwind")[1]


def test_only_staff_sees_customers(world):
    paths = ("/customers", "/customers/new", "/customers/northwind")
    for email in (world.alice, world.bob, world.charlie):
        browser = world.log_in(email)
        assert {browser.get(path).status_code for path in paths} == {404}
        token = csrf(browser, "/password")
        form = {"csrf_token": token, "email": "x@y.example"}
        assert browser.post("/customers/northwind/links", data=form).status_code == 404
    stranger = world.app.test_client()
    for path in paths:
        assert stranger.get(path).headers["Location"].startswith("/login?next=/customers")


def test_the_platform_itself_is_no_customer(world):
    sam = world.log_in(world.sam)
    assert sam.get("/customers/equalture").status_code == 404
    assert sam.get("/customers/nobody").status_code == 404


def test_names_are_shown_as_text(world):
    sam = world.log_in(world.sam)
    name = "<script>alert(1)</script>"
    sam.post("/customers/new", data={"csrf_token": csrf(sam, "/customers/new"), "name": name})
    page = sam.get("/customers").get_data(as_text=True)
    assert name not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("number", ["0", "-1", "999", "x", "9" * 30])
def test_any_page_number_is_answered(world, number):
    assert world.log_in(world.sam).get(f"/customers?page={number}").status_code == 200


def test_many_customers_take_a_fixed_number_of_queries(app, world):
    sam = world.log_in(world.sam)

    def queries() -> int:
        counted = []
        with app.app_context():
            engine = db.engine
        listener = lambda *args: counted.append(args[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        try:
            assert sam.get("/customers").status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", listener)
        return len([one for one in counted if "SELECT" in one])

    few = queries()
    with app.app_context():
        for number in range(55):
            Admin(app, organisations.create_organisation(f"Customer {number}").id)
    assert queries() == few
    assert "Page 1 of 2" in text_of(sam.get("/customers"))
