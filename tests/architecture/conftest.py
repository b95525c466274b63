"""Every member page, with ids that exist."""

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from eqsr.accounts.models import LoginSession, Role, User
from eqsr.candidates.models import Application, Candidate
from eqsr.connections.models import AtsJob
from eqsr.core.columns import new_id
from eqsr.core.db import db, transaction
from eqsr.extras.partners.models import Platform, PlatformKey
from eqsr.extras.shared_profiles import service as guests
from eqsr.invitations.models import Invitation
from eqsr.onboarding import service as onboarding
from eqsr.outbox.models import Work, WorkState
from eqsr.teams import team_invitations
from eqsr.teams.models import TeamInvitation
from eqsr.web.access import MEMBER
from tests.architecture.endpoints import rules
from tests.story import Story
from tests.world import World


@pytest.fixture
def paths(app: Flask, story: Story) -> list[tuple[str, str]]:
    """Return (method, path) of every member page, filled with existing ids of Northwind."""
    ada = story.applies()
    story.moves(ada)
    story.work()
    with app.app_context():
        alice, bob = (
            db.session.scalar(select(User).where(User.email == email))
            for email in (World.alice, World.bob)
        )
        candidate_id = db.session.scalar(select(Candidate.id))
        shared = guests.share(alice, candidate_id, "guest@example.org", 7, new_id(), "")
        team_invitations.invite(alice, "new@northwind.example", Role.REVIEWER)
        link, _url = onboarding.issue_link(story.world.northwind, "it@northwind.example")
    with app.app_context(), transaction() as session:
        row = session.scalars(select(Work).where(Work.connection_id.is_not(None))).first()
        row.state = WorkState.DEAD
        northwind = story.world.northwind
        platform = Platform(organisation_id=northwind, name="Puzzle House", host="puzzle.example")
        session.add(platform)
        session.flush()
        key = PlatformKey(platform_id=platform.id, key="k", encrypted_secret="locked")
        session.add(key)
        session.flush()
        ids = {
            "job_id": story.job_id,
            "candidate_id": candidate_id,
            "application_id": session.scalar(select(Application.id)),
            "invitation_id": session.scalar(select(Invitation.id)),
            "work_id": row.id,
            "user_id": bob.id,
            "share_id": shared.id,
            "team_invitation_id": session.scalar(select(TeamInvitation.id)),
            "link_id": link.id,
            "session_id": _session_of(alice.id),
            "platform_id": platform.id,
            "key_id": key.id,
            "instrument": "work-style",
            "slug": "northwind",
            "topic": "roles",
        }
        ats_job = session.scalar(select(AtsJob.id))
    with app.test_request_context():
        return [
            (method, _filled(rule.rule, ids) + f"?ats_job={ats_job}")
            for rule, _ in rules(app, MEMBER)
            for method in sorted(rule.methods & {"GET", "POST"})
        ]


def _session_of(user_id: uuid.UUID) -> uuid.UUID:
    begun = LoginSession(user_id=user_id)
    db.session.add(begun)
    db.session.flush()
    return begun.id


def _filled(rule: str, ids: dict[str, uuid.UUID | str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(ids[found[1]]), rule)
