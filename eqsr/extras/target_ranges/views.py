"""The page for a job's target ranges."""

import uuid
from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.activity.sentences import sentence
from eqsr.extras.target_ranges import choices, forms, service
from eqsr.extras.target_ranges.choices import Key, RangeChoice
from eqsr.extras.target_ranges.entries import RangeEntry
from eqsr.extras.target_ranges.models import TargetRange
from eqsr.extras.target_ranges.wording import scale_name
from eqsr.jobs import service as jobs
from eqsr.jobs.models import Job
from eqsr.web.access import member
from eqsr.web.requests import client_address

blueprint = Blueprint("fit", __name__, url_prefix="/jobs/<uuid:job_id>/fit")

recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.get("")
@recruiter
def page(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show the target ranges."""
    job = _job(job_id)
    offered = choices.choices(job, str(get_locale()))
    return _page(job, offered, {one.key: one.sought for one in offered if one.sought})


@blueprint.post("")
@recruiter
def save(job_id: uuid.UUID) -> ResponseReturnValue:
    """Save the target ranges."""
    job = _job(job_id)
    offered = choices.choices(job, str(get_locale()))
    entries = forms.entries_of(offered, request.form)
    problems = {key: _(entry.problem) for key, entry in entries.items() if entry.problem}
    if problems:
        return _page(job, offered, entries, problems), 422
    service.set_ranges(job, entries, current_user, client_address())
    flash(_("What matters for this job is saved."), "success")
    return go(url_for("fit.page", job_id=job_id), 303)


def _page(
    job: Job,
    offered: Sequence[RangeChoice],
    values: Mapping[Key, RangeEntry] | Mapping[Key, TargetRange],
    problems: Mapping[Key, str] | None = None,
) -> str:
    """``values``: each field's content, as typed or as stored; ``problems``: what is wrong."""
    return render_template(
        "target_ranges/page.html",
        job=job,
        choices=offered,
        values=values,
        problems=problems or {},
        stens=[(str(sten), str(sten)) for sten in range(1, 11)],
        history=[
            {"sentence": sentence(item, scale=scale_name(item.facts["scale"])), "at": item.at}
            for item in service.history(job.id)
        ],
    )


def _job(job_id: uuid.UUID) -> Job:
    return jobs.job_of(current_user.organisation_id, job_id)
