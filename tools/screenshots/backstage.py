"""Creates states that would take days or dozens of people. Runs as a program in the demo's
installation and prints JSON. It never does what a person or SmartRecruiters can do.

``expire EMAIL`` · ``time_over EMAIL`` · ``play EMAIL`` · ``remind EMAIL`` · ``jobs`` ·
``fairness`` · ``notices`` · ``trouble`` · ``guessed EMAIL``
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from eqsr import create_app
from eqsr.accounts import authentication, login_limits
from eqsr.accounts.models import Organisation
from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.extras.fairness.categories import RACE, SEX
from eqsr.extras.fairness.models import FairnessReport
from eqsr.extras.fairness.rates import Count, table
from eqsr.instruments.catalogue import Instrument
from eqsr.invitations import emails, progress
from eqsr.invitations.links import reminders_url
from eqsr.invitations.models import TIME_TO_FINISH, Invitation
from eqsr.jobs import missing_stages
from eqsr.jobs.models import Job, JobKind, JobState
from eqsr.mail import sending
from eqsr.outbox import counters
from eqsr.outbox.models import Work, WorkState
from eqsr.reconciling.models import Sweep, SweepKind
from eqsr.sittings import ending, playing, score_store, service
from eqsr.sittings.current_taking import taking
from eqsr.sittings.models import Sitting
from tests.instruments import players

CUSTOMER = "northwind-logistics"
PLACES = ("Utrecht", "Rotterdam", "Zwolle", "Antwerpen", "Köln", "Lille", "Venlo", "Breda")
TITLES = ("Warehouse operator", "Transport planner", "Customer service agent", "Fork lift driver")
AT_ONCE = 40


def expire(email: str) -> dict[str, Any]:
    """Let the time for an invitation run out."""
    with transaction():
        _invitation(email).expires_at = now() - timedelta(minutes=5)
    return {"ended": progress.expire_due()}


def time_over(email: str) -> dict[str, Any]:
    """Let the time of an assessment that was started run out; the worker then ends it."""
    with transaction():
        _invitation(email).expires_at = now() - TIME_TO_FINISH - timedelta(minutes=5)
    return {"asked": ending.request_due()}


def play(email: str) -> dict[str, Any]:
    """Play the games, mostly right; the last game only up to its last trial."""
    invitation = _invitation(email)
    parts = taking(invitation.id).parts
    for number, part in enumerate(parts):
        begun = service.start(invitation.id, device="Mozilla/5.0 (X11; Linux) Firefox/140.0")
        _play(begun.sitting.id, part.instrument, last=number == len(parts) - 1)
    return {"played": len(parts)}


def _play(sitting_id: UUID, instrument: Instrument, last: bool) -> None:
    with transaction() as session:  # early enough for all the trials recorded below
        sitting = session.get_one(Sitting, sitting_id)
        sitting.started_at -= timedelta(hours=1)
        trials = score_store.trials_of(sitting)
    given = [one.to_dict() for one in players.play(instrument, trials, players.mixed(4))]
    for first in range(0, len(given), AT_ONCE):
        playing.receive(sitting_id, {"responses": given[first : first + AT_ONCE]})
    if not last:
        playing.finish(sitting_id)


def remind(email: str) -> dict[str, Any]:
    """Send the reminder at any hour and day; return the page that ends reminders."""
    invitation = _invitation(email)
    stop = reminders_url(invitation)
    sending.send_now(emails.compose(invitation, "reminder", unsubscribe_url=stop), email)
    return {"stop": stop}


def jobs() -> dict[str, Any]:
    """Create more jobs than fit on a page."""
    with transaction() as session:
        for number in range(32):
            title = f"{TITLES[number % 4]} {PLACES[number // 4]}"
            session.add(
                Job(
                    organisation_id=_customer().id,
                    title=title,
                    kind=JobKind.LINK if number % 3 == 0 else JobKind.ATS,
                    state=JobState.CLOSED if number % 7 == 0 else JobState.DRAFT,
                    assessment="work-style",
                    created_at=now() - timedelta(days=3 * number + 1),
                )
            )
    return {"made": 32}


def fairness() -> dict[str, Any]:
    """Create a report as from three hundred people."""
    sexes = {("female",): Count(130, 61), ("male",): Count(148, 70), ("other",): Count(4, 2)}
    people = (41, 120, 33, 2, 58, 3, 21)
    hits = (12, 61, 15, 1, 30, 2, 11)
    races = {(race,): Count(*two) for race, *two in zip(RACE, people, hits, strict=True)}
    both = {
        (race, sex): Count(count.people // 2, count.hits // 2)
        for (race,), count in races.items()
        for sex in SEX
    }
    tables = {"sex": sexes, "race": races, "both": both}
    job = UUID(int=1)
    rows = {
        name: [
            asdict(row) for row in table({group: {job: one} for group, one in counts.items()}, 282)
        ]
        for name, counts in tables.items()
    }
    section = {
        "people": 282,
        "better": "high",
        "tables": rows,
        "unknown": {"sex": 9, "race": 14, "both": 24},
    }
    sections = [
        section | {"kind": "selection"},
        section
        | {"kind": "scoring", "instrument": "work-style", "scale": "extraversion", "better": None},
    ]
    figures = {"finished": 301, "sections": sections}
    with transaction() as session:
        session.add(FairnessReport(organisation_id=_customer().id, answers=282, figures=figures))
    return {"answers": 282}


def trouble() -> dict[str, Any]:
    """Let some work fail permanently and SmartRecruiters' events stop."""
    connection = db.session.scalar(
        select(Connection).where(Connection.organisation_id == _customer().id)
    )
    someone = db.session.scalar(
        select(Invitation.id).join(Job).where(Job.kind == JobKind.ATS, Job.state == JobState.OPEN)
    )
    kinds = ("write_back", "check_application", "extension_mail", "sweep_stage")
    with transaction() as session:
        for hours, kind in enumerate(kinds):
            session.add(
                Work(
                    kind=kind,
                    subject_id=someone,
                    connection_id=connection.id,
                    state=WorkState.DEAD,
                    failures=9,
                    claims=9,
                    ended_at=now() - timedelta(hours=hours),
                )
            )
        session.add(Sweep(connection_id=connection.id, kind=SweepKind.CALLBACKS, found=7))
    return {"given_up": len(kinds)}


def guessed(email: str) -> dict[str, Any]:
    """Let strangers try as many wrong passwords as they can in a day; then a new day begins."""
    for number in range(login_limits.STRANGERS_PER_DAY - 1):
        attempt = login_limits.begin(email, "", f"192.0.2.{number}")
        today = [one for one in attempt.limits if one.seconds == login_limits.DAY]
        counters.give_back([one for one in attempt.limits if one not in today])
    authentication.authenticate(email, "wrong password", "192.0.2.200")
    for _number in range(login_limits.STRANGERS_PER_DAY):
        counters.give_back(today)
    return {"tried": login_limits.STRANGERS_PER_DAY}


def _customer() -> Organisation:
    return db.session.scalar(select(Organisation).where(Organisation.slug == CUSTOMER))


def _invitation(email: str) -> Invitation:
    """Return the latest invitation to that address."""
    return db.session.scalar(
        select(Invitation).where(Invitation.email == email).order_by(Invitation.queued_at.desc())
    )


def notices() -> dict[str, Any]:
    """Let half a minute pass, so that the notices about missing stages are sent."""
    return {"told": missing_stages.notify_changes()}


COMMANDS: dict[str, Callable[..., dict[str, Any]]] = {
    one.__name__: one
    for one in (expire, time_over, play, remind, jobs, fairness, notices, trouble, guessed)
}

if __name__ == "__main__":
    with create_app().app_context():
        print(json.dumps(COMMANDS[sys.argv[1]](*sys.argv[2:])))
