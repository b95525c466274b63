"""An organisation's own comparison groups: who would be in them, and making them."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from eqsr.accounts.models import Organisation, User
from eqsr.activity import service as activity
from eqsr.candidates.models import Application
from eqsr.core.db import db, transaction
from eqsr.core.messages import UserError
from eqsr.instruments import catalogue
from eqsr.instruments.catalogue import Instrument, Norm
from eqsr.instruments.naming import reading
from eqsr.instruments.scoring import local
from eqsr.instruments.scoring.local import Caution, Origin
from eqsr.instruments.scoring.norm_group import NormGroup
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job
from eqsr.norms import service
from eqsr.norms.choosing import instrument_of
from eqsr.norms.models import JobNorm, LocalNorm
from eqsr.sittings.models import Score, Sitting


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
        .distinct()
    )
    return [
        _offered(organisation_id, catalogue.instrument(one, language=reading()))
        for one in sorted(used)
    ]


def make(organisation_id: uuid.UUID, instrument_id: str, user: User) -> LocalNorm:
    """Store today's group as a new version, or return the last one if nothing has changed.

    Raises UserError if there are too few people, or everyone has the same score on a scale.
    """
    instrument = instrument_of(instrument_id)
    with transaction() as session:
        # The lock keeps two requests at once from making the same version number.
        session.get_one(Organisation, organisation_id, with_for_update=True)
        groups = _groups(organisation_id, instrument)
        people = min((group.n for group in groups.values()), default=0)
        if people < local.MIN_GROUP_SIZE or len(groups) < len(instrument.scales):
            raise UserError(
                _(
                    "A group of your own needs %(number)s people with readable answers.",
                    number=local.MIN_GROUP_SIZE,
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
        cautions=cautions if people >= local.MIN_GROUP_SIZE else {},
        choices=[
            *instrument.norms.values(),
            *map(service.as_norm, reversed(_own(organisation_id, instrument))),
        ],
        default=service.norm_of(organisation_id, instrument, *chosen),
        jobs=_jobs(organisation_id, instrument),
    )


def _groups(organisation_id: uuid.UUID, instrument: Instrument) -> dict[str, NormGroup]:
    """Scale -> its group of raw scores.

    Each person counts once, with the sitting they finished first, and only if it is interpretable.
    """
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


def _finished(
    organisation_id: uuid.UUID, instrument: Instrument, *columns: Any
) -> Select[*tuple[Any, ...]]:
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
