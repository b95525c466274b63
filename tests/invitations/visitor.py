"""Somebody who comes by a job's open link."""

import re
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from sqlalchemy import func, select

from eqsr.core.db import db, transaction
from eqsr.invitations.links import take_url
from eqsr.invitations.models import Invitation

ADA = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@mail.example"}
NAMES = ("first_name", "last_name")


class Visitor:
    """Somebody with a job's open link, in a browser of their own."""

    def __init__(self, world, link: str, box, work) -> None:
        self.world, self.link, self.box, self.work = world, link, box, work
        self.browser: FlaskClient = world.app.test_client()

    def comes(self, **form: str):
        return self.browser.post(self.link, data=ADA | form)

    def mails(self, to: str = ADA["email"]) -> list[dict]:
        self.work()
        return self.box.get("mails", to=to)

    def confirms(self, mail: dict, **names: str):
        address = link_of(mail)
        return self.browser.post(address, data={one: ADA[one] for one in NAMES} | names)

    def starts(self, **form: str) -> str:
        """Comes and confirms; the path of the personal link."""
        self.comes(**form)
        typed = ADA | form
        answer = self.confirms(self.mails(typed["email"])[-1], **{one: typed[one] for one in NAMES})
        assert answer.status_code == 303, answer.text
        return urlsplit(answer.location).path

    def count(self, table) -> int:
        with self.world.app.app_context():
            return db.session.scalar(select(func.count()).select_from(table))


def link_of(mail: dict) -> str:
    return urlsplit(re.search(r"http://\S+/take/\S+", mail["text"])[0]).path


def change(visitor: Visitor, path: str, **values) -> None:
    """Change the invitation behind a personal link."""
    with visitor.world.app.app_context(), transaction():
        found = next(
            one
            for one in db.session.scalars(select(Invitation))
            if urlsplit(take_url(one)).path == path
        )
        for name, value in values.items():
            setattr(found, name, value)
