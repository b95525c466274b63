"""What is stored about the problems of several jobs, in one query each."""

import uuid

from sqlalchemy import case, func, select

from eqsr.connections.models import Connection, ConnectionState, HiringStage
from eqsr.core.db import db
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import StageLink
from eqsr.mail.faults import Fault

Links = dict[uuid.UUID, list[StageLink]]

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


def undeliverable_counts(job_ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    """Undeliverable invitations per job: (wrong address, other reason)."""
    other = Invitation.fault.is_not(None) & (Invitation.fault != Fault.RECIPIENT.value)
    rows = db.session.execute(
        select(Invitation.job_id, func.count(), func.sum(case((other, 1), else_=0)))
        .where(Invitation.job_id.in_(job_ids))
        .where(Invitation.state == InvitationState.UNDELIVERABLE)
        .group_by(Invitation.job_id)
    )
    return {job_id: (number - others, others) for job_id, number, others in rows}
