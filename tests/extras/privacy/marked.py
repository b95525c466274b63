"""A candidate whose every trace can be recognised, and a look at every text in the database."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select, update

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.core.db import db, transaction
from eqsr.extras.fairness import self_identification
from eqsr.extras.fairness import service as fairness
from eqsr.extras.fairness.models import SelfIdentification
from eqsr.extras.partner_api.models import PlatformResult
from eqsr.invitations.links import take_url
from eqsr.invitations.models import Invitation
from eqsr.mail.models import Mail
from eqsr.outbox.models import Work as WorkRow
from tests.results.conftest import Results
from tests.world import World, csrf_token

FIRST, LAST, EMAIL, SAID = "Zyxfirst", "Wvutlast", "qponml@erase.example", "Marked-words-7781"
MARKS = (FIRST, LAST, EMAIL, SAID)


@dataclass
class Marked:
    """Somebody who has finished, was written back, asked, was answered and was shared."""

    shown: Results
    candidate: dict[str, Any] = field(init=False)
    invitation_id: uuid.UUID = field(init=False)
    application_id: uuid.UUID = field(init=False)
    candidate_id: uuid.UUID = field(init=False)

    def __post_init__(self) -> None:
        story = self.shown.story
        self.candidate = story.applies(EMAIL, firstName=FIRST, lastName=LAST)
        story.moves(self.candidate)
        story.work.settle()
        self.invitation_id = self.shown.takes(self.candidate)
        story.work.settle()
        with story.world.app.app_context():
            found = db.session.get_one(Invitation, self.invitation_id)
            self.application_id = found.application_id
            self.candidate_id = found.application.candidate_id
            self.take_path = "/take/" + take_url(found).rsplit("/", 1)[1]
            db.session.remove()

    @property
    def world(self) -> World:
        return self.shown.story.world

    @property
    def visitor(self) -> FlaskClient:
        return self.world.app.test_client()

    def asks(self, wish: str) -> None:
        form = {"wish": wish, "text": f"{SAID} {wish}"}
        assert self.visitor.post(f"{self.take_path}/results", data=form).status_code == 303

    def leaves_traces(self) -> None:
        """What else may be kept of somebody, in tables that this story does not reach."""
        with self.world.app.app_context(), transaction() as session:
            invitation = session.get_one(Invitation, self.invitation_id)
            session.add(
                PlatformResult(
                    invitation_id=invitation.id, platform="Other", scales=[{"name": SAID}]
                )
            )
            facts = {"application_id": self.application_id, "job_id": invitation.job_id}
            told = {"email": EMAIL, "reason": f"550 {EMAIL}", "said": SAID}
            activity.log(ActivityKind.MAIL_BOUNCED, invitation.organisation_id, **facts, **told)
            fairness.switch_on(invitation.organisation_id, self._user(session))
            self_identification.record_answers(invitation, "female", "")
            refused = f"550 {EMAIL}"
            session.execute(update(Mail).where(Mail.to_address == EMAIL).values(problem=refused))
            theirs = select(Mail.id).where(Mail.to_address == EMAIL)
            session.execute(
                update(WorkRow).where(WorkRow.subject_id.in_(theirs)).values(last_error=refused)
            )

    def _user(self, session):
        from eqsr.accounts.models import User

        return session.scalar(select(User).where(User.email == self.world.alice))

    def self_identifications(self) -> int:
        return len(self.rows(SelfIdentification))

    def rows(self, table) -> list:
        with self.world.app.app_context():
            found = list(db.session.scalars(select(table)))
            db.session.remove()
            return found

    def erase(self, who: str = World.alice, sure: bool = True):
        browser = self.world.log_in(who)
        form = {"csrf_token": csrf_token(browser)} | ({"sure": "1"} if sure else {})
        return browser.post(f"/applications/{self.application_id}/erase", data=form)


def texts(app) -> list[str]:
    """Everything that is stored, as text: "table.column: value"."""
    with app.app_context():
        found = []
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(select(table)).mappings():
                found += [f"{table.name}.{name}: {value!r}" for name, value in row.items()]
        db.session.remove()
        return found


def traces(app) -> list[str]:
    return [one for one in texts(app) if any(mark in one for mark in MARKS)]
