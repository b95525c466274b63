"""What an instrument's scores can be compared with in an organisation."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from eqsr.core.db import db
from eqsr.instruments import catalogue
from eqsr.instruments.catalogue import Instrument, Norm
from eqsr.instruments.naming import reading
from eqsr.instruments.scoring import local
from eqsr.instruments.scoring.local import Caution, Origin
from eqsr.instruments.scoring.norm_group import NormGroup
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job
from eqsr.norms import service
from eqsr.norms.groups import finished, groups_of, own_norms
from eqsr.norms.models import JobNorm
from eqsr.sittings.models import Sitting


@dataclass(frozen=True)
class Offered:
    """What an instrument's scores can be compared with in an organisation.

    ``people``: size of an own group made today (of its smallest scale). ``groups``: scale -> that
    group. ``cautions``: scale -> cautions about it, once it can be made. ``choices``: every norm,
    the organisation's own last. ``jobs``: (job, its norm).
    """

    instrument: Instrument
    people: int
    groups: dict[str, NormGroup]
    cautions: dict[str, list[Caution]]
    choices: Sequence[Norm]
    default: Norm
    jobs: Sequence[tuple[Job, Norm]]

    @property
    def can_be_made(self) -> bool:
        """Whether there are enough people for an own group."""
        return self.people >= local.MIN_GROUP_SIZE


def offered(organisation_id: uuid.UUID) -> list[Offered]:
    """One for each instrument that someone has finished there, in its latest version."""
    used = db.session.scalars(
        select(Sitting.instrument)
        .join(Invitation, Invitation.id == Sitting.invitation_id)
        .where(Invitation.organisation_id == organisation_id, Sitting.finished_at.is_not(None))
        .where(Invitation.result_of_id.is_(None))
        .distinct()
    )
    return [
        _offered(organisation_id, catalogue.instrument(one, language=reading()))
        for one in sorted(used)
    ]


def _offered(organisation_id: uuid.UUID, instrument: Instrument) -> Offered:
    groups = groups_of(organisation_id, instrument)
    people = min((group.n for group in groups.values()), default=0)
    people = people if len(groups) == len(instrument.scales) else 0
    origin = _origin(organisation_id, instrument)
    cautions = {
        scale: local.cautions(group, _published_sd(instrument, scale), origin)
        for scale, group in groups.items()
    }
    chosen = service.for_new_jobs(organisation_id, instrument)
    return Offered(
        instrument=instrument,
        people=people,
        groups=groups,
        cautions=cautions if people >= local.MIN_GROUP_SIZE else {},
        choices=[
            *instrument.norms.values(),
            *map(service.as_norm, reversed(own_norms(organisation_id, instrument))),
        ],
        default=service.norm_of(organisation_id, instrument, *chosen),
        jobs=_jobs(organisation_id, instrument),
    )


def _origin(organisation_id: uuid.UUID, instrument: Instrument) -> Origin:
    jobs = dict(
        db.session.execute(
            finished(organisation_id, instrument, Invitation.job_id, func.count()).group_by(
                Invitation.job_id
            )
        ).all()
    )
    invited = db.session.scalar(
        select(func.count()).select_from(Invitation).where(Invitation.job_id.in_(jobs))
    )
    return Origin(invited or 0, sum(jobs.values()), max(jobs.values(), default=0))


def _jobs(organisation_id: uuid.UUID, instrument: Instrument) -> list[tuple[Job, Norm]]:
    rows = db.session.execute(
        select(Job, JobNorm.norm_id, JobNorm.norm_version)
        .join(JobNorm, JobNorm.job_id == Job.id)
        .where(Job.organisation_id == organisation_id, JobNorm.instrument == instrument.id)
        .where(JobNorm.instrument_version == instrument.version)
        .order_by(Job.created_at.desc())
    )
    return [(job, service.norm_of(organisation_id, instrument, *norm)) for job, *norm in rows]


def _published_sd(instrument: Instrument, scale: str) -> float | None:
    published = instrument.norm.scales.get(scale)
    return published.sd if published else None
