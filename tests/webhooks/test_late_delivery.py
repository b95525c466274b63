"""An event that SmartRecruiters signed long ago and delivers now."""

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from eqsr.connections.models import Connection, WebhookKey
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.core.extensions import vault
from tests.webhooks.deliveries import events, signed

LOOKS = (0, 3, 6, 16, 41)


def address_and_secret(story) -> tuple[str, str]:
    with story.world.app.app_context():
        connection = db.session.get_one(Connection, story.connection_id)
        newest = select(WebhookKey).order_by(WebhookKey.created_at.desc()).limit(1)
        secret = vault.decrypt(db.session.scalars(newest).one().encrypted_key)
        address = f"/webhooks/smartrecruiters/{connection.key}"
        db.session.remove()
        return address, secret


def reads(story, candidate) -> int:
    """How often the application was read."""
    path = f"/candidates/{candidate['id']}/jobs/{story.ats_job}"
    log = story.box.get("requests?path=/jobs/&status=200")
    return sum(one["path"].endswith(path) for one in log)


@pytest.mark.parametrize(("ago", "times"), [(timedelta(hours=1), 1), (timedelta(), len(LOOKS))])
def test_its_application_is_read_once(story, client, ago, times):
    """Nothing changed since we last read it: a fresh event may be ahead of SmartRecruiters' reads,
    one that is an hour old is not."""
    ada = story.applies()
    story.told()
    story.work()
    address, secret = address_and_secret(story)
    body = json.dumps({"candidate_id": ada["id"], "job_id": story.ats_job}).encode()
    headers = signed(body, "late", secret, (now() - ago).timestamp())
    before = reads(story, ada)
    assert client.post(address, headers=headers, data=body).status_code == 202
    begun = now()
    for age in LOOKS:
        with time_machine.travel(begun + timedelta(seconds=age)):
            story.work()
    [event] = [one for one in events(story.world.app) if one.event_id == "late"]
    assert event.processed_at is not None
    assert abs(event.received_at - ago - event.signed_at) < timedelta(seconds=5)
    assert reads(story, ada) - before == times
