"""Problems of a job: as sentences, and as an SQL condition that finds jobs with problems."""

import uuid
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    union_all,
)

from eqsr.candidates.models import Application
from eqsr.connections.models import AtsJob, Connection, ConnectionState, HiringStage
from eqsr.core.db import db
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.missing_stages import successors
from eqsr.jobs.models import Job, JobState, StageLink
from eqsr.mail.faults import Fault
from eqsr.outbox.models import Work, WorkState

Links = dict[uuid.UUID, list[StageLink]]

AILING = (ConnectionState.NEEDS_ATTENTION, ConnectionState.DISCONNECTED)


def in_trouble() -> ColumnElement[bool]:
    """SQL condition on Job that selects exactly the jobs for which ``sentences`` returns any."""
    active = and_(StageLink.job_id == Job.id, StageLink.ended_at.is_(None))
    stage = and_(
        HiringStage.connection_id == AtsJob.connection_id,
        HiringStage.status == StageLink.status,
        HiringStage.sub_status == StageLink.sub_status,
    )
    gone = or_(AtsJob.gone_at.is_not(None), exists().where(stage, HiringStage.gone_at.is_not(None)))
    attention = and_(Connection.id == AtsJob.connection_id, Connection.state.in_(AILING))
    place = exists().where(active, AtsJob.id == StageLink.ats_job_id)
    undeliverable = exists().where(
        Invitation.job_id == Job.id, Invitation.state == InvitationState.UNDELIVERABLE
    )
    dead = _dead().subquery()
    return and_(
        Job.state != JobState.CLOSED,
        or_(
            place.where(or_(gone, exists().where(attention))),
            undeliverable,
            Job.id.in_(select(dead.c.job_id)),
        ),
    )


def sentences(
    jobs: Sequence[Job], links: Links, ailing: dict[uuid.UUID, ConnectionState] | None = None
) -> dict[uuid.UUID, list[str]]:
    """Per job, what is wrong and what to do; nothing about closed ones. ``ailing``: what
    ``ailing_connections`` says, where it was asked already. Four queries at most, and one more
    where a stage is missing."""
    wanted = [job.id for job in jobs if job.state is not JobState.CLOSED]
    missing = _missing_stages(links)
    ailing = ailing_connections(links) if ailing is None else ailing
    names = successors(_connections(links)) if missing else {}
    refused, dead = _undeliverable(wanted), _dead_by_job(wanted)
    return {
        job_id: [
            *_of_links(links.get(job_id, []), missing, names, ailing),
            *_refused(*refused.get(job_id, (0, 0))),
            *(_stuck(dead[job_id]) if job_id in dead else ()),
        ]
        for job_id in wanted
    }


def _of_links(
    links: list[StageLink],
    missing: set[tuple],
    names: dict[tuple, str],
    ailing: dict[uuid.UUID, ConnectionState],
) -> list[str]:
    found = []
    for link in links:
        place = (link.ats_job.connection_id, link.status, link.sub_status)
        if link.ats_job.gone_at is not None:
            found.append(
                _("The job is no longer in SmartRecruiters, so nobody can be moved to this stage.")
            )
        elif place in names:
            found.append(
                _(
                    "SmartRecruiters no longer has this stage: “%(stage)s”. It may now be called "
                    "“%(new_name)s”: press Change and choose it.",
                    stage=link.sub_status,
                    new_name=names[place],
                )
            )
        elif place in missing:
            found.append(_("SmartRecruiters no longer has this stage. Connect another one."))
    states = {ailing.get(link.ats_job.connection_id) for link in links}
    if ConnectionState.DISCONNECTED in states:
        found.append(_("SmartRecruiters is disconnected, so nobody is invited."))
    if ConnectionState.NEEDS_ATTENTION in states:
        found.append(_("The connection to SmartRecruiters needs attention."))
    return list(dict.fromkeys(found))


def _refused(addresses: int, others: int) -> list[str]:
    """``addresses``: invitations with a wrong address; ``others``: failed for another reason."""
    found = []
    if addresses:
        found.append(
            ngettext(
                "%(num)s invitation could not be delivered. Correct its address.",
                "%(num)s invitations could not be delivered. Correct their addresses.",
                addresses,
            )
        )
    if others:
        found.append(
            ngettext(
                "%(num)s invitation could not be sent, though its address may be right. Open it to "
                "see why.",
                "%(num)s invitations could not be sent, though their addresses may be right. Open "
                "them to see why.",
                others,
            )
        )
    return found


def _stuck(number: int) -> list[str]:
    return [
        ngettext(
            "%(num)s step was given up. An administrator can try it again, under Connection.",
            "%(num)s steps were given up. An administrator can try them again, under Connection.",
            number,
        )
    ]


def _missing_stages(links: Links) -> set[tuple]:
    """Stages that SmartRecruiters no longer has."""
    rows = db.session.execute(
        select(HiringStage.connection_id, HiringStage.status, HiringStage.sub_status).where(
            HiringStage.connection_id.in_(_connections(links)), HiringStage.gone_at.is_not(None)
        )
    )
    return {tuple(row) for row in rows}


def ailing_connections(links: Links) -> dict[uuid.UUID, ConnectionState]:
    """The state of each connection of these links that has a problem."""
    query = select(Connection.id, Connection.state).where(Connection.state.in_(AILING))
    return dict(db.session.execute(query.where(Connection.id.in_(_connections(links)))).all())


def _connections(links: Links) -> set[uuid.UUID]:
    return {link.ats_job.connection_id for these in links.values() for link in these}


def _undeliverable(job_ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    """Undeliverable invitations per job: (wrong address, other reason)."""
    other = Invitation.fault.is_not(None) & (Invitation.fault != Fault.RECIPIENT.value)
    rows = db.session.execute(
        select(Invitation.job_id, func.count(), func.sum(case((other, 1), else_=0)))
        .where(Invitation.job_id.in_(job_ids))
        .where(Invitation.state == InvitationState.UNDELIVERABLE)
        .group_by(Invitation.job_id)
    )
    return {job_id: (number - others, others) for job_id, number, others in rows}


def _dead_by_job(job_ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    return dict(map(tuple, db.session.execute(_DEAD_BY_JOB, {"ids": job_ids})))


def _dead() -> CompoundSelect[tuple[uuid.UUID]]:
    """(job_id) of each piece of dead work about an invitation of a job, or about an application
    on a SmartRecruiters job that it watches. Dead mails are undeliverable invitations."""
    results = select(Invitation.job_id.label("job_id")).join(Work, Work.subject_id == Invitation.id)
    looks = (
        select(StageLink.job_id.label("job_id"))
        .join(Application, Application.ats_job_id == StageLink.ats_job_id)
        .join(Work, Work.subject_id == Application.id)
        .where(StageLink.ended_at.is_(None))
    )
    is_dead = Work.state == WorkState.DEAD
    return union_all(results.where(is_dead), looks.where(is_dead))


def _counted_dead() -> Select:
    dead = _dead().subquery()
    wanted = dead.c.job_id.in_(bindparam("ids", expanding=True))
    return select(dead.c.job_id, func.count()).where(wanted).group_by(dead.c.job_id)


# Built once, because building the query takes longer than running it.
_DEAD_BY_JOB = _counted_dead()
