"""Which norm a job's scores are compared with. A job keeps the norm of its first score."""

import uuid
from types import MappingProxyType

from sqlalchemy import select

from eqsr.accounts.models import Organisation
from eqsr.core.clock import day_in
from eqsr.core.db import db, transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.core.messages import N_, NotFoundError, store
from eqsr.instruments.catalogue import Instrument, Norm, ScaleNorm
from eqsr.invitations.models import Invitation
from eqsr.norms.models import DefaultNorm, JobNorm, LocalNorm

LOCAL = "local"
BELL = N_(
    "Only the mean and the spread of the group are used: how many people stand lower is reckoned "
    "as if scores were spread in the shape of a bell, which is rough."
)
"""A caveat about groups that were kept before their people were counted."""


def norm_for(invitation: Invitation, instrument: Instrument) -> Norm:
    """Return the norm of the invitation's job; at its first score, store the norm of new jobs."""
    with transaction():
        found = _of_job(invitation.job_id, instrument)
        if found is None:
            norm_id, version = for_new_jobs(invitation.organisation_id, instrument)
            insert_if_absent(
                JobNorm,
                job_id=invitation.job_id,
                instrument=instrument.id,
                instrument_version=instrument.version,
                norm_id=norm_id,
                norm_version=version,
            )
            found = _of_job(invitation.job_id, instrument)
        if found is None:
            raise LookupError("the job's norm was not stored")
        return norm_of(invitation.organisation_id, instrument, found.norm_id, found.norm_version)


def chosen_for(
    job_id: uuid.UUID, organisation_id: uuid.UUID, instrument: Instrument
) -> tuple[str, str]:
    """(id, version) of the job's norm or, before its first score, of the norm that it will get."""
    found = _of_job(job_id, instrument)
    if found is not None:
        return found.norm_id, found.norm_version
    return for_new_jobs(organisation_id, instrument)


def for_new_jobs(organisation_id: uuid.UUID, instrument: Instrument) -> tuple[str, str]:
    """(id, version) of the norm that a job gets at its first score."""
    chosen = db.session.scalar(
        select(DefaultNorm).where(
            DefaultNorm.organisation_id == organisation_id,
            DefaultNorm.instrument == instrument.id,
            DefaultNorm.instrument_version == instrument.version,
        )
    )
    if chosen is not None:
        return chosen.norm_id, chosen.norm_version
    return instrument.norm.id, instrument.norm.version


def norm_of(organisation_id: uuid.UUID, instrument: Instrument, norm_id: str, version: str) -> Norm:
    """The norm with this id and version, as a score or a job names it.

    Raises NotFoundError if the organisation has no such norm.
    """
    if norm_id != LOCAL:
        if norm_id not in instrument.norms:
            raise NotFoundError
        return instrument.norms[norm_id]
    query = select(LocalNorm).where(
        LocalNorm.organisation_id == organisation_id,
        LocalNorm.instrument == instrument.id,
        LocalNorm.version == (int(version) if version.isdecimal() and len(version) < 10 else 0),
    )
    local = db.session.scalar(query)
    if local is None or local.instrument_version != instrument.version:
        raise NotFoundError
    return as_norm(local)


def as_norm(local: LocalNorm) -> Norm:
    """Convert an organisation's own group to a Norm."""
    owner = db.session.get_one(Organisation, local.organisation_id)
    organisation = owner.name
    return Norm(
        id=LOCAL,
        version=str(local.version),
        name=store("Own candidates of %(organisation)s", organisation=organisation),
        source=store("Everybody who finished it for %(organisation)s.", organisation=organisation),
        population=store("People who were invited by %(organisation)s.", organisation=organisation),
        n=local.people,
        date=str(day_in(owner.time_zone, local.made_at)),
        licence="",
        caveats=(
            N_("Only people who applied here and finished: a selected group, not everybody."),
            *(() if all("quantiles" in facts for facts in local.scales.values()) else (BELL,)),
            N_("It stays as it was on that day. A later group has a higher version."),
        ),
        scales=MappingProxyType(
            {
                scale: ScaleNorm(facts["mean"], facts["sd"], tuple(facts.get("quantiles", ())))
                for scale, facts in local.scales.items()
            }
        ),
    )


def _of_job(job_id: uuid.UUID, instrument: Instrument) -> JobNorm | None:
    return db.session.scalar(
        select(JobNorm)
        .where(JobNorm.job_id == job_id, JobNorm.instrument == instrument.id)
        .where(JobNorm.instrument_version == instrument.version)
        .execution_options(populate_existing=True)
    )
