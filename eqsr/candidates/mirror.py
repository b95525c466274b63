"""Store the mirrored candidates and applications."""

import uuid
from datetime import datetime

from sqlalchemy import select

from eqsr.candidates.models import Application, Candidate
from eqsr.connections.models import AtsJob
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.core.invisible import clean_address, clean_name
from eqsr.smartrecruiters.types import candidates

# Of a phone number. A shorter one, such as an extension, tells nobody apart.
DIGITS = 8


def upsert_candidate(organisation_id: uuid.UUID, seen: candidates.CandidateRecord) -> Candidate:
    """Insert or update the candidate's row and return it."""
    with transaction() as session:
        insert_if_absent(Candidate, organisation_id=organisation_id, ats_id=seen.ats_id)
        candidate = session.scalars(
            select(Candidate)
            .where(Candidate.organisation_id == organisation_id, Candidate.ats_id == seen.ats_id)
            .execution_options(populate_existing=True)
        ).one()
        candidate.first_name = clean_name(seen.first_name)[:300]
        candidate.last_name = clean_name(seen.last_name)[:300]
        candidate.email = clean_address(seen.email or "")[:320] or None
        candidate.country = seen.country or candidate.country
        candidate.phone = last_digits(seen.phone)
        candidate.read_at = now()
        # Who can be read was neither deleted nor merged.
        candidate.removed_at = candidate.merged_into_id = candidate.merged_at = None
        return candidate


def upsert_application(
    candidate: Candidate,
    ats_job: AtsJob,
    seen: candidates.ApplicationRecord,
    since: datetime | None,
) -> Application:
    """Insert or update the application's row and return it.

    ``since``: when it entered its stage, by SmartRecruiters' clock.
    """
    with transaction():
        application = new_application(candidate, ats_job)
        application.ats_id = seen.application_id or application.ats_id
        application.status = seen.status
        application.sub_status = seen.sub_status or ""
        application.stage_since = since
        application.read_at = now()
        return application


def new_application(candidate: Candidate, ats_job: AtsJob) -> Application:
    """Insert a row for an application that has not been read yet, or return the existing one."""
    with transaction() as session:
        insert_if_absent(
            Application,
            organisation_id=candidate.organisation_id,
            candidate_id=candidate.id,
            ats_job_id=ats_job.id,
        )
        return session.scalars(
            select(Application)
            .where(Application.candidate_id == candidate.id, Application.ats_job_id == ats_job.id)
            .execution_options(populate_existing=True)
        ).one()


def last_digits(phone: str | None) -> str | None:
    """The last digits of a phone number, the same with and without the country's prefix.

    None if there are too few to tell people apart.
    """
    found = "".join(one for one in phone or "" if one.isdecimal())
    return found[-DIGITS:] if len(found) >= DIGITS else None
