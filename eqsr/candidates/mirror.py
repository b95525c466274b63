"""Keeping what we know of SmartRecruiters' candidates and applications."""

import uuid

from sqlalchemy import select

from eqsr.candidates.models import Application, Candidate
from eqsr.connections.models import AtsJob, Connection
from eqsr.core.clock import now
from eqsr.core.db import db, insert_if_absent, transaction
from eqsr.core.invisible import clean_address, clean_name
from eqsr.smartrecruiters import types as sr


def upsert_candidate(organisation_id: uuid.UUID, seen: sr.CandidateRecord) -> Candidate:
    """The candidate's row, made or brought up to date."""
    with transaction() as session:
        insert_if_absent(Candidate, organisation_id=organisation_id, ats_id=seen.ats_id)
        candidate = session.scalar(
            select(Candidate)
            .where(Candidate.organisation_id == organisation_id, Candidate.ats_id == seen.ats_id)
            .execution_options(populate_existing=True)
        )
        candidate.first_name = clean_name(seen.first_name)[:300]
        candidate.last_name = clean_name(seen.last_name)[:300]
        candidate.email = clean_address(seen.email or "")[:320] or None
        candidate.country = seen.country or candidate.country
        candidate.removed_at = None
        return candidate


def upsert_application(
    candidate: Candidate, ats_job: AtsJob, seen: sr.ApplicationRecord, since
) -> Application:
    """The application's row, made or brought up to date; ``since`` by SmartRecruiters' clock."""
    with transaction():
        application = new_application(candidate, ats_job)
        application.ats_id = seen.application_id or application.ats_id
        application.status = seen.status
        application.sub_status = seen.sub_status or ""
        application.stage_since = since
        application.read_at = now()
        return application


def new_application(candidate: Candidate, ats_job: AtsJob) -> Application:
    """The application's row, of which nothing has been read yet."""
    with transaction() as session:
        insert_if_absent(
            Application,
            organisation_id=candidate.organisation_id,
            candidate_id=candidate.id,
            ats_job_id=ats_job.id,
        )
        return session.scalar(
            select(Application)
            .where(Application.candidate_id == candidate.id, Application.ats_job_id == ats_job.id)
            .execution_options(populate_existing=True)
        )


def known_candidate(connection: Connection, ats_id: str) -> Candidate | None:
    return known_candidate_of(connection.organisation_id, ats_id)


def known_candidate_of(organisation_id: uuid.UUID, ats_id: str) -> Candidate | None:
    return db.session.scalar(
        select(Candidate).where(
            Candidate.organisation_id == organisation_id, Candidate.ats_id == ats_id
        )
    )


def known_application(connection: Connection, candidate_id: str, job_id: str) -> Application | None:
    """By SmartRecruiters' ids."""
    return db.session.scalar(
        select(Application)
        .join(Application.candidate)
        .join(Application.ats_job)
        .where(
            Candidate.organisation_id == connection.organisation_id,
            Candidate.ats_id == candidate_id,
            AtsJob.connection_id == connection.id,
            AtsJob.ats_id == job_id,
        )
    )


def of_other_profiles(
    ats_job_id: uuid.UUID, application_ats_id: str | None, candidate_id: uuid.UUID | None = None
) -> list[Application]:
    """The same application as it was known under other profiles than this candidate's, oldest
    first: SmartRecruiters lets it change hands when two profiles of a person are merged."""
    if not application_ats_id:
        return []
    query = (
        select(Application)
        .where(Application.ats_job_id == ats_job_id, Application.ats_id == application_ats_id)
        .order_by(Application.created_at)
    )
    if candidate_id is not None:
        query = query.where(Application.candidate_id != candidate_id)
    return list(db.session.scalars(query))


def lock_candidate(application_id: uuid.UUID) -> Application | None:
    """The application as it is now, its candidate's row held until the transaction ends: nothing
    is written about the person while they are being erased, nor the other way round."""
    session = db.session()
    candidate_id = session.scalar(
        select(Application.candidate_id).where(Application.id == application_id)
    )
    if candidate_id is None:
        return None
    session.execute(
        select(Candidate.id).where(Candidate.id == candidate_id).with_for_update(key_share=True)
    )
    return session.get_one(Application, application_id, populate_existing=True)


def applications_of(connection: Connection, candidate_id: str) -> list[Application]:
    """The applications that we have seen of the candidate with this id in SmartRecruiters."""
    return list(
        db.session.scalars(
            select(Application)
            .join(Application.ats_job)
            .join(Application.candidate)
            .where(Candidate.organisation_id == connection.organisation_id)
            .where(Candidate.ats_id == candidate_id, AtsJob.connection_id == connection.id)
            .order_by(Application.created_at)
        )
    )
