"""Find mirrored candidates and applications, and lock a candidate."""

import uuid

from sqlalchemy import select

from eqsr.candidates.models import Application, Candidate
from eqsr.connections.models import AtsJob, Connection
from eqsr.core.db import db


def known_candidate(connection: Connection, ats_id: str) -> Candidate | None:
    """Return the mirrored candidate with this SmartRecruiters id, or None."""
    return known_candidate_of(connection.organisation_id, ats_id)


def known_candidate_of(organisation_id: uuid.UUID, ats_id: str) -> Candidate | None:
    """Like known_candidate, by organisation."""
    return db.session.scalar(
        select(Candidate).where(
            Candidate.organisation_id == organisation_id, Candidate.ats_id == ats_id
        )
    )


def known_application(connection: Connection, candidate_id: str, job_id: str) -> Application | None:
    """Return the mirrored application with these SmartRecruiters ids, or None."""
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
    """Return the rows of this application under other candidates than this one, oldest first.

    SmartRecruiters moves an application to another candidate when it merges two profiles.
    """
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


def survivor_id(candidate_id: uuid.UUID) -> uuid.UUID:
    """The candidate that this one was merged into, or the same id if it was not merged."""
    merged_into = db.session.scalar(
        select(Candidate.merged_into_id).where(Candidate.id == candidate_id)
    )
    return merged_into or candidate_id


def lock_candidate(application_id: uuid.UUID) -> Application | None:
    """Lock the application's candidate until the transaction ends; return the fresh application.

    Erasing and writing about a person thus exclude each other. None for an unknown id.
    """
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
    """Return the mirrored applications of the candidate with this SmartRecruiters id."""
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
