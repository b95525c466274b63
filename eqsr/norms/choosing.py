"""Choosing the norm of a job, and of an organisation's new jobs."""

import uuid

from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.core.db import transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.core.messages import NotFoundError
from eqsr.instruments import catalogue
from eqsr.instruments.catalogue import Instrument
from eqsr.jobs.models import Job
from eqsr.norms import service
from eqsr.norms.models import DefaultNorm, JobNorm


def instrument_of(instrument_id: str) -> Instrument:
    """The instrument with this id, in its newest version. Raises NotFoundError."""
    try:
        return catalogue.instrument(instrument_id)
    except KeyError:
        raise NotFoundError from None


def use_for_new_jobs(
    organisation_id: uuid.UUID, instrument_id: str, norm_id: str, version: str, user: User
) -> None:
    """Set the norm that jobs get at their first score; jobs that have one keep it.

    Raises NotFoundError if there is no such instrument or norm.
    """
    instrument = instrument_of(instrument_id)
    norm = service.norm_of(organisation_id, instrument, norm_id, version)
    with transaction() as session:
        insert_if_absent(
            DefaultNorm,
            organisation_id=organisation_id,
            instrument=instrument.id,
            instrument_version=instrument.version,
            norm_id=norm.id,
            norm_version=norm.version,
        )
        chosen = session.scalars(
            select(DefaultNorm)
            .where(DefaultNorm.organisation_id == organisation_id)
            .where(DefaultNorm.instrument == instrument.id)
            .where(DefaultNorm.instrument_version == instrument.version)
        ).one()
        chosen.norm_id, chosen.norm_version = norm.id, norm.version
        activity.audit(AuditAction.NORM_FOR_NEW_JOBS, organisation_id, user.id)


def choose_for_job(
    job: Job, instrument_id: str, norm_id: str, version: str, user: User
) -> Instrument:
    """Compare the job's scores on this instrument with this norm from now on.

    Returns the instrument. Raises NotFoundError if there is no such instrument or norm.
    """
    instrument = instrument_of(instrument_id)
    norm = service.norm_of(job.organisation_id, instrument, norm_id, version)
    with transaction() as session:
        insert_if_absent(
            JobNorm,
            job_id=job.id,
            instrument=instrument.id,
            instrument_version=instrument.version,
            norm_id=norm.id,
            norm_version=norm.version,
        )
        chosen = session.scalars(
            select(JobNorm)
            .where(JobNorm.job_id == job.id, JobNorm.instrument == instrument.id)
            .where(JobNorm.instrument_version == instrument.version)
        ).one()
        chosen.norm_id, chosen.norm_version = norm.id, norm.version
        session.flush()
        activity.audit(AuditAction.NORM_OF_JOB_CHANGED, job.organisation_id, user.id, job.id)
        return instrument
