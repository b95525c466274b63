"""An organisation's own people as a comparison group: counted, made, and given to jobs."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from eqsr.accounts.models import Organisation, User
from eqsr.activity import service as activity
from eqsr.candidates.models import Application
from eqsr.core.db import db, insert_if_absent, transaction
from eqsr.core.messages import NotFoundError, UserError
from eqsr.instruments import catalogue
from eqsr.instruments.catalogue import Instrument, Norm
from eqsr.instruments.naming import reading
from eqsr.instruments.scoring import local
from eqsr.instruments.scoring.local import Caution, Origin
from eqsr.instruments.scoring.norming import Group
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job
from eqsr.norms import service
from eqsr.norms.models import DefaultNorm, JobNorm, LocalNorm
from eqsr.sittings.models import Score, Sitting


@dataclass(frozen=True)
class Offered:
    """What an instrument's scores can be compared with in an organisation.

    ``people``: who could be in an own group today, the least over the scales. ``choices``: every
    norm there is, the organisation's own ones last. ``jobs``: (job, its norm). ``cautions``: scale
    -> what speaks against the group of today, once it can be made.
    """

    instrument: Instrument
    people: int
    groups: dict[str, Group]
    cautions: dict[str, list[Caution]]
    choices: Sequence[Norm]
    default: Norm
    jobs: Sequence[tuple[Job, Norm]]

    @property
    def can_be_made(self) -> bool:
        return self.people >= local.FEWEST


def offered(organisation_id: uuid.UUID) -> list[Offered]:
    """One for each instrument that anybody has finished there, in its latest version."""
    used = db.session.scalars(
        select(Sitting.instrument)
        .join(Invitation, Invitation.id == Sitting.invitation_id)
        .where(Invitation.organisation_id == organisation_id, Sitting.finished_at.is_not(None))
        .distinct()
    )
    return [
        _offered(organisation_id, catalogue.instrument(one, language=reading()))
        for one in sorted(used)
    ]


def make(organisation_id: uuid.UUID, instrument_id: str, user: User) -> LocalNorm:
    """Freeze today's group as a new version. Raises UserError while there are too few people."""
    instrument = _instrument(instrument_id)
    with transaction() as session:
        # Two who press at once make one version, not the same number twice.
        session.get_one(Organisation, organisation_id, with_for_update=True)
        groups = _groups(organisation_id, instrument)
        people = min((group.n for group in groups.values()), default=0)
        if people < local.FEWEST or len(groups) < len(instrument.scales):
            raise UserError(
                _(
                    "A group of your own needs %(number)s people with readable answers.",
                    number=local.FEWEST,
                )
            )
        if any(group.sd == 0 for group in groups.values()):
            raise UserError("Everybody has the same score on a scale, so nothing can be compared.")
        own = _own(organisation_id, instrument)
        made = LocalNorm(
            organisation_id=organisation_id,
            instrument=instrument.id,
            instrument_version=instrument.version,
            version=_next_version(organisation_id, instrument),
            people=people,
            scales={
                scale: {"n": group.n, "mean": group.mean, "sd": group.sd}
                for scale, group in groups.items()
            },
            made_by_id=user.id,
        )
        if own and own[0].scales == made.scales:
            return own[0]
        session.add(made)
        session.flush()
        activity.audit("local_norm_made", organisation_id, user.id, made.id)
        return made


def use_for_new_jobs(
    organisation_id: uuid.UUID, instrument_id: str, norm_id: str, version: str, user: User
) -> None:
    """Jobs are given this norm at their first score; those that have one keep it. Raises
    NotFoundError."""
    instrument = _instrument(instrument_id)
    norm = service.norm_of(organisation_id, instrument, norm_id, version)
    with transaction() as session:
        key = {"instrument": instrument.id, "instrument_version": instrument.version}
        values = {"norm_id": norm.id, "norm_version": norm.version}
        insert_if_absent(DefaultNorm, organisation_id=organisation_id, **key, **values)
        chosen = session.scalars(
            select(DefaultNorm).filter_by(organisation_id=organisation_id, **key)
        ).one()
        chosen.norm_id, chosen.norm_version = norm.id, norm.version
        activity.audit("norm_for_new_jobs", organisation_id, user.id)


def choose_for_job(
    job: Job, instrument_id: str, norm_id: str, version: str, user: User
) -> Instrument:
    """Compare the job's scores on this instrument with this norm from now on.

    Returns the instrument. Raises NotFoundError.
    """
    instrument = _instrument(instrument_id)
    norm = service.norm_of(job.organisation_id, instrument, norm_id, version)
    with transaction() as session:
        key = {"instrument": instrument.id, "instrument_version": instrument.version}
        values = {"norm_id": norm.id, "norm_version": norm.version}
        insert_if_absent(JobNorm, job_id=job.id, **key, **values)
        chosen = session.scalars(select(JobNorm).filter_by(job_id=job.id, **key)).one()
        chosen.norm_id, chosen.norm_version = norm.id, norm.version
        session.flush()
        activity.audit("norm_of_job_changed", job.organisation_id, user.id, job.id)
        return instrument


def _offered(organisation_id: uuid.UUID, instrument: Instrument) -> Offered:
    groups = _groups(organisation_id, instrument)
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
        cautions=cautions if people >= local.FEWEST else {},
        choices=[
            *instrument.norms.values(),
            *map(service.as_norm, reversed(_own(organisation_id, instrument))),
        ],
        default=service.norm_of(organisation_id, instrument, *chosen),
        jobs=_jobs(organisation_id, instrument),
    )


def _groups(organisation_id: uuid.UUID, instrument: Instrument) -> dict[str, Group]:
    """Mean and spread per scale. Everybody counts once, with what they finished first, and only
    where their answers could be read."""
    rows = db.session.execute(
        _finished(
            organisation_id,
            instrument,
            Score.scale,
            Application.candidate_id,
            Score.outcome["raw"].as_float(),
        )
        .join(Score, Score.sitting_id == Sitting.id)
        .where(Score.is_current, Score.outcome["interpretable"].as_boolean())
        .order_by(Sitting.finished_at, Sitting.id)
    )
    raw: dict[str, dict[uuid.UUID, float]] = defaultdict(dict)
    for scale, candidate_id, value in rows:
        raw[scale].setdefault(candidate_id, value)
    scales = [scale.id for scale in instrument.scales]
    return {
        scale: local.group_of(list(raw[scale].values())) for scale in scales if len(raw[scale]) > 1
    }


def _origin(organisation_id: uuid.UUID, instrument: Instrument) -> Origin:
    jobs = dict(
        db.session.execute(
            _finished(organisation_id, instrument, Invitation.job_id, func.count()).group_by(
                Invitation.job_id
            )
        ).all()
    )
    invited = db.session.scalar(
        select(func.count()).select_from(Invitation).where(Invitation.job_id.in_(jobs))
    )
    return Origin(invited or 0, sum(jobs.values()), max(jobs.values(), default=0))


def _finished(organisation_id: uuid.UUID, instrument: Instrument, *columns) -> Select:
    return (
        select(*columns)
        .select_from(Sitting)
        .join(Invitation, Invitation.id == Sitting.invitation_id)
        .join(Application, Application.id == Invitation.application_id)
        .where(Invitation.organisation_id == organisation_id, Sitting.finished_at.is_not(None))
        .where(Sitting.instrument == instrument.id)
        .where(Sitting.instrument_version == instrument.version)
    )


def _jobs(organisation_id: uuid.UUID, instrument: Instrument) -> list[tuple[Job, Norm]]:
    rows = db.session.execute(
        select(Job, JobNorm.norm_id, JobNorm.norm_version)
        .join(JobNorm, JobNorm.job_id == Job.id)
        .where(Job.organisation_id == organisation_id, JobNorm.instrument == instrument.id)
        .where(JobNorm.instrument_version == instrument.version)
        .order_by(Job.created_at.desc())
    )
    return [(job, service.norm_of(organisation_id, instrument, *norm)) for job, *norm in rows]


def _own(organisation_id: uuid.UUID, instrument: Instrument) -> list[LocalNorm]:
    return [
        norm
        for norm in _all_own(organisation_id, instrument)
        if norm.instrument_version == instrument.version
    ]


def _all_own(organisation_id: uuid.UUID, instrument: Instrument) -> list[LocalNorm]:
    query = select(LocalNorm).where(
        LocalNorm.organisation_id == organisation_id, LocalNorm.instrument == instrument.id
    )
    return list(db.session.scalars(query.order_by(LocalNorm.version.desc())))


def _next_version(organisation_id: uuid.UUID, instrument: Instrument) -> int:
    return max((norm.version for norm in _all_own(organisation_id, instrument)), default=0) + 1


def _published_sd(instrument: Instrument, scale: str) -> float | None:
    published = instrument.norm.scales.get(scale)
    return published.sd if published else None


def _instrument(instrument_id: str) -> Instrument:
    try:
        return catalogue.instrument(instrument_id)
    except KeyError:
        raise NotFoundError from None
