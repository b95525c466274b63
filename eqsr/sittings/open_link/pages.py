"""The page that an open link shows, and the time zone of its days."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from eqsr.jobs.models import Job
from eqsr.sittings.open_link import shared_job
from eqsr.sittings.open_link.forms import JoinByLinkForm


def join_page(
    token: str, job_id: UUID, form: JoinByLinkForm, status: int = 200
) -> ResponseReturnValue:
    """Show the form of an open link, or 410 if its job takes nobody any more."""
    shared = shared_job.shared(job_id, str(get_locale()))
    if shared is None:
        return render_template("sittings/closed.html", reason="job"), 410
    page = render_template("sittings/join.html", token=token, form=form, shared=shared)
    return page, status


def zone_of(job: Job) -> ZoneInfo:
    """The time zone in which days are named."""
    return ZoneInfo(job.organisation.time_zone)
