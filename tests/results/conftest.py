import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from sqlalchemy import select

from eqsr.connections import clients
from eqsr.core.db import db
from eqsr.invitations import service as invitations
from eqsr.invitations.models import Invitation
from eqsr.results import service as results
from eqsr.results.models import WriteBack
from tests.crashing import Boundaries, Killed
from tests.smartrecruiters.doubles import NoLimits
from tests.story import Story
from tools.chaos.takers import take


@dataclass
class Results:
    """What the profiles in SmartRecruiters show of the story's candidates."""

    story: Story

    def invited(self, email: str = "ada@example.org") -> dict[str, Any]:
        """A candidate with an invitation."""
        candidate = self.story.applies(email)
        self.story.moves(candidate)
        self.story.work.settle()
        return candidate

    def takes(self, candidate: dict[str, Any]) -> uuid.UUID:
        """They take the assessment; the invitation's id. Nothing is written back yet."""
        invitation_id = self.invitation(candidate)
        with self.story.world.app.app_context():
            take(invitation_id)
            db.session.remove()
        return invitation_id

    def invitation(self, candidate: dict[str, Any]) -> uuid.UUID:
        with self.story.world.app.app_context():
            found = [
                row.id
                for row in db.session.scalars(select(Invitation))
                if row.application.candidate.ats_id == candidate["id"]
            ]
            db.session.remove()
        return found[0]

    def notes(self, candidate: dict[str, Any]) -> list[str]:
        return [note["content"] for note in self.story.profile(candidate)["notes"]]

    def tags(self, candidate: dict[str, Any]) -> list[str]:
        return self.story.profile(candidate)["tags"]

    def write_back(self, invitation_id: uuid.UUID) -> WriteBack:
        with self.story.world.app.app_context():
            found = results.of_invitation(invitation_id)
            db.session.remove()
            return found

    def survive_kills(self, boundaries: Boundaries, holds: Callable[[dict[str, Any]], bool]) -> int:
        """At each boundary of writing back, one after the other, a worker is killed and another
        one goes on; then it must hold of the candidate. Returns how many boundaries there were."""
        number, killed = 0, True
        while killed:
            number += 1
            candidate = self.invited(f"ada.{number}@example.org")
            self.takes(candidate)
            killed = self._killed_at(boundaries, number)
            self.story.work.lapse_leases()
            self.story.work.settle()
            assert holds(candidate), f"killed at boundary {number}"
        return number - 1

    def _killed_at(self, boundaries: Boundaries, number: int) -> bool:
        with suppress(Killed), boundaries.killing_at(number):
            self.story.work("write_back")
            return False
        return True

    def want(self, invitation_id: uuid.UUID) -> None:
        """Write down once more that the profile must match."""
        with self.story.world.app.app_context():
            invitations.request_write_back(invitations.get(invitation_id))
            db.session.remove()

    def delete(self, path: str) -> None:
        """DELETE in the sandbox's control API, below the company where it begins with none."""
        address = f"{self.story.box.url}/sandbox/api/{path}"
        requests.delete(address, timeout=10).raise_for_status()

    def deleted(self, candidate: dict[str, Any]) -> None:
        self.delete(f"companies/{self.story.company}/candidates/{candidate['id']}")
        self.story.told()


@pytest.fixture
def no_limits(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither we nor SmartRecruiters count calls: for tests that make many."""
    monkeypatch.setattr(clients, "SharedLimits", lambda patience: NoLimits())
    story.box.post("settings", {"limits": False})


@pytest.fixture
def results_of(story: Story) -> Results:
    return Results(story)
