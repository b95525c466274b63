"""What goes wrong."""

from datetime import timedelta

import time_machine
from sqlalchemy import update

from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.outbox.models import Work, WorkState
from tests.connections.hiring_processes import stages
from tests.languages.scenes.hands import hand
from tests.story import Story


def breaking(story: Story) -> None:
    """The connection fails, is looked at, and ends."""
    world, box, work = story.world, story.box, story.work
    alice = hand(world, world.alice)
    _a_stage_goes(story)
    credentials = box.get(f"companies/{story.company}/credentials")
    box.post(
        f"companies/{story.company}/credentials/{credentials[0]['id']}", {"scopes": ["jobs_read"]}
    )
    alice.does("/connection/check")
    work()
    alice.opens("/connection", "/jobs", f"/jobs/{story.job_id}")
    alice.asks("/connection/health")
    alice.follows("/connection")
    story.moves(story.applies("late@example.org", firstName="Lea", lastName="Bakker"))
    work()
    with world.app.app_context(), transaction() as session:
        given_up = {"state": WorkState.DEAD, "ended_at": now(), "last_error": "timeout"}
        session.execute(update(Work).where(Work.state == WorkState.WAITING).values(given_up))
    alice.opens("/connection", f"/jobs/{story.job_id}/why?q=Lea")
    alice.does(f"/jobs/{story.job_id}/disconnect")
    alice.does("/connection/key")
    alice.does("/connection/compare")
    wrong = {"client_id": "no-such-client", "client_secret": "no-such-secret"}
    alice.does("/connection/reconnect", **wrong)
    alice.opens("/connection/reconnect/check")
    alice.asks("/connection/reconnect/check/progress")
    work()
    alice.opens("/connection/reconnect/check")
    alice.asks("/connection/reconnect/check/progress")
    alice.does("/connection/disconnect")
    alice.opens("/connection", "/jobs")


def _a_stage_goes(story: Story) -> None:
    """The watched stage is renamed in SmartRecruiters; its people are told."""
    stages(story, IN_REVIEW=["Phone screen", "Lead"])
    # Later than candidates.leaving has looked at SmartRecruiters.
    with time_machine.travel(now() + timedelta(days=18)):
        for _round in range(2):
            story.work.by_clock()
            story.work()
    stages(story, IN_REVIEW=["Phone screen", "Assessment"])
