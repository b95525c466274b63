"""Whom candidates write to: named in every email to them, and behind its Reply-To."""

import dataclasses

import pytest

from eqsr.accounts.models import Organisation
from eqsr.core.db import db, transaction
from eqsr.organisations import contact
from tests.invitations.conftest import Recruiter
from tests.organisations.settings_form import GOOD, save
from tests.world import csrf

pytestmark = pytest.mark.one_database


def heads(mail: dict) -> dict[str, str]:
    return {name.lower(): value for name, value in mail["headers"]}


def invited(story) -> dict:
    story.moves(story.applies())
    story.work()
    (mail,) = story.mails()
    return mail


def test_at_first_it_is_the_admin(story):
    mail = invited(story)
    assert heads(mail)["reply-to"] == story.world.alice
    assert f"Questions? Write to {story.world.alice}" in mail["text"]
    assert story.world.alice in mail["html"]


def test_the_organisations_contact_is_named_then_the_jobs(story):
    admin = story.world.log_in(story.world.alice)
    assert save(admin, contact_email=" Hiring@Northwind.example\u200b ").status_code == 303
    assert 'value="Hiring@Northwind.example"' in admin.get("/organisation").text
    assert heads(invited(story))["reply-to"] == "Hiring@Northwind.example"
    bob = Recruiter(story)
    path = f"/jobs/{story.job_id}/mail"
    words = {
        "language": "",
        "subject": "Hi",
        "greeting": "Dear {first_name},",
        "body": "x\n\n{link}",
    }
    bob.presses(path, action="save", contact_email="dev-jobs@northwind.example", **words)
    assert 'value="dev-jobs@northwind.example"' in bob.sees(path)
    preview = bob.posts(path, action="preview", contact_email="other@northwind.example", **words)
    assert "Write to other@northwind.example" in preview.text
    bob.presses(f"/invitations/{story.invitations()[0].id}/resend")
    story.work()
    mail = story.mails()[-1]
    assert heads(mail)["reply-to"] == "dev-jobs@northwind.example"
    assert "Write to dev-jobs@northwind.example" in mail["text"]
    # The standard text again leaves the contact as it is.
    bob.presses(path, action="reset")
    assert 'value="dev-jobs@northwind.example"' in bob.sees(path)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("nobody", "can&#39;t be used"),
        ("a@b", "can&#39;t be used"),
        ("x@example.org\r\nBcc: y@example.org", "can&#39;t be used"),
        ("no-reply@northwind.example", "Nobody reads answers"),
        ("noreply@northwind.example", "Nobody reads answers"),
        ("x" * 60 + "@" + "y" * 60 + "." + "z" * 60 + "." + "w" * 60 + "." + "v" * 60 + ".nl",
         "can&#39;t be used"),
    ],
)  # fmt: skip
def test_what_nobody_reads_is_refused_at_its_field(world, typed, sentence):
    admin = world.log_in(world.alice)
    form = {"csrf_token": csrf(admin, "/organisation")} | GOOD | {"contact_email": typed}
    answer = admin.post("/organisation", data=form)
    assert answer.status_code == 422 and sentence in answer.text


def test_the_sender_of_our_mails_is_no_contact(app, world, monkeypatch):
    changed = dataclasses.replace(app.extensions["eqsr.settings"], mail_from="jobs@x.example")
    monkeypatch.setitem(app.extensions, "eqsr.settings", changed)
    admin = world.log_in(world.alice)
    answer = save(admin, contact_email="JOBS@x.example")
    assert answer.status_code == 422 and "Nobody reads answers" in answer.text


def test_without_an_admin_it_is_the_platforms_support(app, world):
    with app.app_context():
        with transaction() as session:
            lonely = Organisation(name="Lonely", slug="lonely")
            session.add(lonely)
        assert contact.default(lonely) == ""
        assert contact.of(lonely) == "support@equalture.example"
        assert contact.of(lonely, "job@lonely.example") == "job@lonely.example"
        db.session.remove()
