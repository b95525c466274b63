"""A recruiter who presses the buttons of an invitation's page."""

import re
import threading
import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from eqsr.activity.models import AuditEntry
from eqsr.core.db import db, transaction
from eqsr.invitations.models import Invitation
from tests.invitations.visitor import Visitor
from tests.page_text import text_of
from tests.services.sandbox import Sandbox
from tests.sittings import sitting as sit
from tests.story import Story
from tests.work import Work
from tests.world import World, csrf_token


class Recruiter:
    """``browser`` is bob's, a reviewer at Northwind, if nobody else is named."""

    def __init__(self, story: Story, who: str = "") -> None:
        self.story = story
        self.browser: FlaskClient = story.world.log_in(who or story.world.bob)
        self.token = csrf_token(self.browser)

    def sees(self, path: str) -> str:
        answer = self.browser.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def posts(self, path: str, **form: str) -> TestResponse:
        return self.browser.post(path, data={"csrf_token": self.token} | form)

    def presses(self, path: str, **form: str) -> str:
        """Post, and read the page that it leads to."""
        answer = self.posts(path, **form)
        assert answer.status_code == 303, (path, answer.status_code, text_of(answer.text))
        return text_of(self.sees(answer.location))

    def audited(self) -> list[str]:
        """What has been written down of what people did to invitations, oldest first."""
        with self.story.world.app.app_context():
            ids = select(Invitation.id)
            query = select(AuditEntry.action).where(AuditEntry.subject_id.in_(ids))
            return list(db.session.scalars(query.order_by(AuditEntry.at)))


def at_once(*actions) -> None:
    """Do these in threads that start together."""
    barrier = threading.Barrier(len(actions))

    def run(action):
        barrier.wait()
        action()

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture
def bob(story: Story) -> Recruiter:
    return Recruiter(story)


@pytest.fixture
def visitor(world: World, box: Sandbox, work: Work) -> Visitor:
    return Visitor(world, sit.share(world), box, work)


@pytest.fixture
def invited(story: Story) -> uuid.UUID:
    """Ada was moved to the stage and has her mail."""
    story.moves(story.applies())
    story.work()
    (invitation,) = story.invitations()
    return invitation.id


def take_link(mail) -> str:
    return re.search(r"http://\S+/take/\S+", mail["text"])[0]


def change(story, invitation_id: uuid.UUID, **values) -> None:
    with story.world.app.app_context(), transaction() as session:
        session.execute(update(Invitation).where(Invitation.id == invitation_id).values(values))


def only(story) -> Invitation:
    (invitation,) = story.invitations()
    return invitation
