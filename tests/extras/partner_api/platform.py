"""Another platform's program: it signs what it sends, as the description says."""

import json
import uuid
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from eqsr.accounts.models import User
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.extras.partner_api.signing import sign
from eqsr.extras.partners import keys, service
from eqsr.jobs import platform_choice
from eqsr.jobs.models import Job
from tests.world import World

SCALES = [
    {
        "name": "Planning",
        "value": 7.5,
        "band": {"low": 6, "high": 9},
        "norm": "1,204 applicants in logistics, 2025",
        "explanation": "Plans ahead.\nAsk for an example.",
    },
    {"name": "Level of English", "value": "B2"},
]


@dataclass
class Program:
    """``path`` begins with the key; a wrong ``secret`` or ``skew`` is for tests of refusal."""

    app: Flask
    path: str
    secret: str
    skew: float = 0

    def get(self, path: str) -> TestResponse:
        return self.send("GET", path, b"")

    def tells(self, invitation_id, state: str, event_id: str = "", **more) -> TestResponse:
        event = {"event_id": event_id or str(uuid.uuid4()), "state": state} | more
        return self.post(invitation_id, json.dumps(event).encode())

    def post(self, invitation_id, body: bytes) -> TestResponse:
        return self.send("POST", f"/invitations/{invitation_id}/events", body)

    def send(self, method: str, path: str, body: bytes, **headers: str) -> TestResponse:
        path = self.path + path
        timestamp = str(int(now().timestamp() + self.skew))
        signature = sign(self.secret, timestamp, method, path, body)
        headers = {"X-Timestamp": timestamp, "X-Signature": f"sha256={signature}"} | headers
        return self.app.test_client().open(
            path, method=method, data=body, headers=headers, content_type="application/json"
        )


def program(
    world: World,
    job_id: uuid.UUID | None = None,
    who: str = World.alice,
    name: str = "Puzzle House",
) -> Program:
    """A platform of the person's organisation with a key, to which the job is given."""
    with world.app.app_context():
        user = db.session.scalar(select(User).where(User.email == who))
        platform = service.add(user.organisation_id, name, "assess.puzzle.example", user)
        key, secret = keys.make_key(platform, user)
        if job_id is not None:
            link = "https://assess.puzzle.example/start?invitation={invitation}"
            platform_choice.choose(db.session.get(Job, job_id), platform, link, 25)
        return Program(world.app, f"/api/elsewhere/v1/{key.key}", secret)
