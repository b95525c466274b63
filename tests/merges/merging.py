"""Two profiles of one person in SmartRecruiters that become one while we are at work."""

import uuid
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from eqsr.candidates.models import Candidate
from eqsr.core.db import db
from eqsr.invitations import links
from eqsr.invitations.models import Invitation
from tests.people import person as at_desk
from tests.sittings import sitting as sit
from tests.story import Story

HOME = "ada@home.example"


@dataclass
class Merging:
    """A connected customer with people whose profiles get merged."""

    story: Story

    def invited(self, **facts: Any) -> dict[str, Any]:
        """A candidate who has the invitation's email."""
        candidate = self.story.applies(**facts)
        self.story.moves(candidate)
        self.story.work()
        return candidate

    def profile(self, email: str = HOME, job: str | None = None) -> dict[str, Any]:
        """Another profile of the same person: on no job, unless one is named."""
        return self.story.applies(email, jobId=job)

    def merge(self, source: dict[str, Any], target: dict[str, Any], work: bool = True) -> None:
        """Somebody merges two profiles in SmartRecruiters; with ``work``, we hear of it."""
        wish = {"fromCandidateId": source["id"], "intoCandidateId": target["id"]}
        self.story.box.post(f"companies/{self.story.company}/merges", wish)
        if work:
            self.hear()

    def confirm(self, source: dict[str, Any]) -> None:
        """A recruiter says of a profile that is gone that another one is the same person's."""
        path = f"/candidates/{self.candidates()[source['id']].id}"
        bob = at_desk(self.story.world, self.story.world.bob)
        page = bob.browser.get(path).text
        assert "It is the same person" in page
        other = page.split('name="other" value="', 1)[1].split('"', 1)[0]
        bob.presses(f"{path}/merge", other=other)
        self.hear()

    def hear(self) -> None:
        """Do what the events ask for, a second look included."""
        self.story.told()
        self.story.work()
        self.story.work.hurry()
        self.story.work()

    def person(self, invitation_id: uuid.UUID | None = None) -> sit.Person:
        """The holder of an invitation's link; of the only one if none is named."""
        app = self.story.world.app
        with app.app_context():
            query = select(Invitation)
            if invitation_id is not None:
                query = query.where(Invitation.id == invitation_id)
            found = db.session.scalars(query).one()
            path = "/" + links.take_url(found).split("/", 3)[3]
            application = found.application
            db.session.remove()
            return sit.Person(app, application.candidate_id, application.id, found.id, path)

    def candidates(self) -> dict[str, Candidate]:
        """SmartRecruiters' id -> our row."""
        with self.story.world.app.app_context():
            found = {one.ats_id or "": one for one in db.session.scalars(select(Candidate))}
            db.session.remove()
            return found

    def holder(self) -> str | None:
        """SmartRecruiters' id of the profile that the only invitation belongs to."""
        [invitation] = self.story.invitations()
        return invitation.application.candidate.ats_id

    def notes(self, candidate: dict[str, Any]) -> list[str]:
        return [note["content"] for note in self.story.profile(candidate)["notes"]]

    def finishes(self, browser: FlaskClient, person: sit.Person, first: int = 1) -> TestResponse:
        """Answer the pages from ``first`` on, and finish."""
        for page in range(first, 11):
            sit.answer_page(browser, person, page, leave_open="1")
        return sit.press(browser, f"{person.path}/finish", f"{person.path}/finish", missing="0")
