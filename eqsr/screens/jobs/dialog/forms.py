"""What a request of the Connect dialog names: job, stage link, and the form's values."""

from collections.abc import Mapping

from flask import request

from eqsr.connections import job_lookup
from eqsr.connections.models import AtsJob, Connection
from eqsr.core.messages import NotFoundError, UserError
from eqsr.instruments.catalogue import assessment
from eqsr.jobs import service
from eqsr.jobs.models import Job, StageLink
from eqsr.jobs.service import Terms
from eqsr.screens.jobs.backfill import DEFAULT_DAYS, MOST_DAYS
from eqsr.screens.jobs.forms import as_uuid


def terms(form: Mapping[str, str]) -> Terms:
    """The link's assessment and grace period.

    Raises UserError for an unknown assessment or a grace period that is not a number of minutes.
    """
    chosen = form.get("assessment", "")
    try:
        known = assessment(chosen).id if chosen else None
    except KeyError:
        raise UserError("Choose an assessment.", "assessment") from None
    grace = form.get("grace", "").strip() or "0"
    if not (grace.isascii() and grace.isdigit() and len(grace) < 5):
        raise UserError("An invitation can wait for 0 to 1440 minutes, which is a day.", "grace")
    return Terms(known, int(grace))


def days_of(values: Mapping[str, str]) -> int:
    """Days that the backfill goes back; DEFAULT_DAYS for an invalid value."""
    text = values.get("days", "")
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else DEFAULT_DAYS
    return days if 1 <= days <= MOST_DAYS else DEFAULT_DAYS


def picked_job(connection: Connection) -> AtsJob | None:
    """The SmartRecruiters job that the form or address names, if any."""
    picked = as_uuid(request.values.get("ats_job"))
    return job_lookup.job_with(connection.id, picked) if picked else None


def chosen_job(connection: Connection) -> AtsJob:
    """Like picked_job, but raises NotFoundError if no job is named."""
    ats_job = picked_job(connection)
    if ats_job is None:
        raise NotFoundError
    return ats_job


def link_named(job: Job) -> StageLink | None:
    """The stage link that the request names, if any. Raises NotFoundError for an unknown one."""
    named = request.values.get("link")
    return service.link_of(job, as_uuid(named)) if named else None


def working_connection(job: Job) -> Connection:
    """The connection of the job's organisation. Raises UserError if there is none in use."""
    connection = job_lookup.connection_of(job.organisation_id)
    if connection is None:
        raise UserError("SmartRecruiters is not connected any more. Reload the page.")
    return connection
