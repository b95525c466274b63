"""Links in emails: those that are out must go on working."""

import uuid
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from eqsr.accounts.models import Organisation, PasswordReset, Role, User
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.emailed_links import (
    InvalidLink,
    LinkPurpose,
    find_by_token,
    issue,
    read_signed,
    read_signed_id,
    signed_link,
)
from eqsr.core.tokens import hash_token
from tests.architecture.layout import where

SUBJECT = uuid.UUID("0197f0a2-5b7c-7d3e-8f10-1234567890ab")


@dataclass
class Row:
    token_hash: str | None = None


# Made on 2026-11-30 with the key of these tests, before purposes were an enum. Whoever has to
# change one here ends links that are out.
SIGNED = [
    (LinkPurpose.ASSESSMENT, 0, "/take/AZfwolt8fT6PEBI0VniQq0XbffxML8YflKzHfskz6oI"),
    (LinkPurpose.ASSESSMENT, 2, "/take/AZfwolt8fT6PEBI0VniQqwAAAAKpdT4-CJqXStWRiiE79HIc"),
    (LinkPurpose.REMINDERS, 0, "/reminders/AZfwolt8fT6PEBI0VniQq5G-x04qIyI6SbXn3-LbE38"),
    (LinkPurpose.REMINDERS, 2, "/reminders/AZfwolt8fT6PEBI0VniQqwAAAALdvKoHim4IwbFeM5iWT2F9"),
    (LinkPurpose.OPEN_JOB, 0, "/take/AZfwolt8fT6PEBI0VniQq6j_QuBGBZi_9SrdG3EOFuw"),
    (LinkPurpose.SIGN_UP, 0, "/take/AZfwolt8fT6PEBI0VniQq5lfArk2EfiZsq0FKBHXo54"),
]
STORED = [
    (LinkPurpose.PASSWORD_RESET, "/password/reset/AZfwolt8fT6PEBI0VniQqwRhArQX6bMrqSk83Iiy0Pc"),
    (LinkPurpose.TEAM_INVITATION, "/join/AZfwolt8fT6PEBI0VniQq_OIREbd1vXN9y2KOc3rOAY"),
]


@pytest.mark.parametrize(("purpose", "generation", "path"), SIGNED)
def test_signed_links_in_sent_emails_stay_the_same(app, settings, purpose, generation, path):
    token = path.rpartition("/")[2]
    with app.app_context():
        assert signed_link(purpose, SUBJECT, generation) == settings.public_url + path
        assert read_signed(purpose, token) == (SUBJECT, generation)
        assert read_signed_id(purpose, token) == (None if generation else SUBJECT)
        others = set(LinkPurpose) - {purpose}
        assert [one for one in others if read_signed(one, token)] == []


@pytest.mark.parametrize(("purpose", "path"), STORED)
def test_the_link_of_an_email_stays_the_same_when_it_is_composed_again(
    app, settings, purpose, path
):
    row = Row()
    with app.app_context():
        assert issue(purpose, row, SUBJECT) == settings.public_url + path
    assert row.token_hash == hash_token(path.rpartition("/")[2])


def test_a_link_without_an_email_is_another_one_each_time(app):
    row = Row()
    with app.app_context():
        one, other = (issue(LinkPurpose.ONBOARDING, row) for _time in range(2))
    assert "/onboarding/" in one
    assert one != other
    assert row.token_hash == hash_token(other.rpartition("/")[2])


def test_each_purpose_has_an_address_and_tokens_of_its_own(app):
    with app.app_context():
        tokens = {signed_link(purpose, SUBJECT).rpartition("/")[2] for purpose in LinkPurpose}
    assert len(tokens) == len(LinkPurpose)


def test_a_token_finds_its_row_until_that_has_ended(app):
    with app.app_context():
        with transaction() as session:
            organisation = Organisation(name="Northwind", slug="northwind")
            session.add(organisation)
            session.flush()
            user = User(organisation_id=organisation.id, email="a@b.example", role=Role.ADMIN)
            session.add(user)
            session.flush()
            row = PasswordReset(user_id=user.id)
            session.add(row)
            token = issue(LinkPurpose.PASSWORD_RESET, row, SUBJECT).rpartition("/")[2]
        assert find_by_token(PasswordReset, token, lambda _row: "") is row
        with transaction() as session:
            session.execute(db.update(PasswordReset).values(used_at=now()))
        with pytest.raises(InvalidLink) as ended:
            find_by_token(PasswordReset, token, lambda one: "used" if one.used_at else "")
        assert (ended.value.reason, ended.value.status, ended.value.row) == ("used", 410, row)
        with pytest.raises(InvalidLink) as unknown:
            find_by_token(PasswordReset, token[:-1], lambda _row: "")
        assert (unknown.value.reason, unknown.value.status) == ("unknown", 404)
        assert db.session.scalar(select(PasswordReset.token_hash)) == hash_token(token)


def test_links_are_signed_in_one_place():
    """With a purpose of the enum, so that two kinds of link never share one."""
    signers = where(lambda path: "sign_id(" in path.read_text())
    assert signers == ["core/emailed_links.py", "core/tokens.py"]
