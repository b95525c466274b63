"""What is stored about the problems of several jobs, in one query each."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from eqsr.connections.models import Connection, ConnectionState, HiringStage
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import StageLink
from eqsr.mail.faults import Fault

Links = dict[uuid.UUID, list[StageLink]]

# For this long, a job says that a candidate ran out of time.
TOLD_FOR = timedelta(days=14)
AILING = (ConnectionState.NEEDS_ATTENTION, ConnectionState.DISCONNECTED)


def missing_stages(links: Links) -> set[tuple]:
    """Stages that SmartRecruiters no longer has."""
    rows = db.session.execute(
        select(HiringStage.connection_id, HiringStage.status, HiringStage.sub_status).where(
            HiringStage.connection_id.in_(connections_of(links)), HiringStage.gone_at.is_not(None)
        )
    )
    return {tuple(row) for row in rows}


def ailing_connections(links: Links) -> dict[uuid.UUID, ConnectionState]:
    """The state of each connection of these links that has a problem."""
    query = select(Connection.id, Connection.state).where(Connection.state.in_(AILING))
    return dict(db.session.execute(query.where(Connection.id.in_(connections_of(links)))).all())


def connections_of(links: Links) -> set[uuid.UUID]:
    """Ids of the connections that these links belong to."""
    return {link.ats_job.connection_id for these in links.values() for link in these}


@dataclass(frozen=True)
class InvitationProblems:
    """Numbers of a job's invitations that somebody should look at.

    ``addresses``: undeliverable for a wrong address; ``others``: for another reason;
    ``interrupted``: ended by the clock lately, before the candidate was done.
    """

    addresses: int = 0
    others: int = 0
    interrupted: int = 0


def invitation_problems(job_ids: list[uuid.UUID]) -> dict[uuid.UUID, InvitationProblems]:
    """Per job, what is wrong with its invitations; only jobs where anything is."""
    recipient = Fault.RECIPIENT.value
    refused = Invitation.state == InvitationState.UNDELIVERABLE
    other = func.coalesce(Invitation.fault, recipient) != recipient
    rows = db.session.execute(
        select(
            Invitation.job_id,
            func.count(case((refused & ~other, 1))),
            func.count(case((refused & other, 1))),
            func.count(case((interrupted(), 1))),
        )
        .where(Invitation.job_id.in_(job_ids), or_(refused, interrupted()))
        .group_by(Invitation.job_id)
    )
    return {job_id: InvitationProblems(*numbers) for job_id, *numbers in rows}


def interrupted() -> ColumnElement[bool]:
    """SQL condition on Invitation: the clock ended it lately, with something missing."""
    partly = Invitation.state == InvitationState.PARTLY_COMPLETED
    return and_(partly, Invitation.partly_completed_at > now() - TOLD_FOR)
