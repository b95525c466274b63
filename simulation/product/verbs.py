"""The verbs by which customers begin and candidates answer; everything else goes by HTTP."""

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from eqsr.accounts.models import Organisation, Role, User
from eqsr.connections import job_lookup
from eqsr.connections import service as connections
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.messages import UserError
from eqsr.instruments.scoring import ItemResponse
from eqsr.invitations.link_holder import LinkEnded, invitation_of
from eqsr.jobs import connecting
from eqsr.jobs import service as jobs
from eqsr.jobs.models import Job, JobKind, StageLink
from eqsr.jobs.stage_choice import Terms
from eqsr.sittings import answering, finishing, service
from eqsr.sittings.taking import Taking
from simulation.product import games
from simulation.product.setup import PASSWORD, cheap_hasher


def create_customer(name: str, slug: str, admin: str) -> uuid.UUID:
    """An organisation with an admin."""
    with transaction() as session:
        organisation = Organisation(name=name, slug=slug)
        session.add(organisation)
        session.flush()
        session.add(
            User(
                email=admin,
                name=admin.split("@")[0].title(),
                organisation_id=organisation.id,
                role=Role.ADMIN,
                password_hash=cheap_hasher().hash(PASSWORD),
            )
        )
        return organisation.id


def begin_connection(organisation_id: uuid.UUID, client_id: str, secret: str) -> uuid.UUID:
    """Have a credential tried."""
    return connections.begin(organisation_id, client_id, secret).id


def create_job(organisation_id: uuid.UUID, title: str, days: int, assessment: str) -> uuid.UUID:
    """A job of ours, whose candidates have this many days for this assessment."""
    made = jobs.create_job(organisation_id, title, JobKind.ATS, assessment, _admin(organisation_id))
    with transaction() as session:
        session.get_one(Job, made.id).days_to_finish = days
    return made.id


def connect_job(
    organisation_id: uuid.UUID, job_id: uuid.UUID, ats_job: str, stage: tuple[str, Any], grace: int
) -> None:
    """Watch a stage of a SmartRecruiters job; ``grace`` in minutes."""
    connection = connections.of(organisation_id)
    found = job_lookup.find_job(connection, ats_job)
    job = db.session.get_one(Job, job_id)
    terms = Terms(grace_minutes=grace)
    link = connecting.connect(job, found, *stage, _admin(organisation_id), terms)
    with transaction() as session:
        # Without the tolerance for other clocks: whoever was there a moment ago was there before.
        fresh = session.get_one(StageLink, link.id)
        fresh.since = fresh.counts_from = now() + timedelta(minutes=2)


def _admin(organisation_id: uuid.UUID) -> User:
    return db.session.scalars(select(User).where(User.organisation_id == organisation_id)).one()


class TurnedAway(Exception):
    """The link has ended, or the person can't take it any more."""


def take_answers(token: str, share: float, chance: Any) -> bool:
    """Start, answer this share of the questions and, if all, finish; True if all is finished.

    With several parts, each is taken in turn; a share of less than all ends within the first. No
    share only starts. Raises TurnedAway.
    """
    try:
        invitation_id = invitation_of(token).id
        while True:
            found = service.start(invitation_id)
            if found.sitting is None or found.part.finished:
                return True
            if share <= 0 or not _part(found, share, chance):
                return False
    except (UserError, LinkEnded) as error:
        raise TurnedAway(str(error)) from None
    finally:
        db.session.remove()


def _part(found: Taking, share: float, chance: Any) -> bool:
    """Take one part; True if it is finished."""
    assert found.sitting is not None  # noqa: S101
    if found.part.is_task:
        return games.play(found.sitting.id, share, chance)
    values = [option.value for option in found.instrument.options]
    items = found.instrument.items[: max(1, int(len(found.instrument.items) * share))]
    given = {item.number: ItemResponse(chance.choice(values), 1500) for item in items}
    answering.answer(found.sitting.id, given)
    if share < 1:
        return False
    finishing.finish(found.sitting.id)
    return True
