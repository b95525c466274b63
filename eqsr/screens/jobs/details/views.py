"""A job's own page: its invitations, reminders, closing and reopening."""

import uuid

from flask import flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from eqsr.accounts.models import Role
from eqsr.core.messages import UserError
from eqsr.duplicates import holding
from eqsr.duplicates.models import InvitationHold
from eqsr.invitations import job_obstacles
from eqsr.invitations.links import share_url
from eqsr.jobs import email_settings, service
from eqsr.jobs.models import Job, JobKind
from eqsr.organisations.service import LANGUAGES
from eqsr.screens.jobs import (
    invitation_file,
    invitation_list,
    list_options,
    other_process,
    score_order,
)
from eqsr.screens.jobs import overview as jobs
from eqsr.screens.jobs.assessment_choice import service as parts
from eqsr.screens.jobs.forms import as_days
from eqsr.screens.jobs.pages import assessment_names, blueprint, job_named, page_number, progress_of
from eqsr.web.access import member
from eqsr.web.csv_files import csv_response, format_of_reader
from eqsr.web.step_up import asks_password

REMINDER_HOURS = 48

recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.get("/<uuid:job_id>")
@recruiter
def details(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show the job's page: its stages, numbers and invitations."""
    return _details(job_named(job_id))


def _details(job: Job, typed: dict | None = None) -> str:
    """``typed``: what can't be used of the reminders' form, as templates/jobs/_reminders.html
    shows it again."""
    wish, language = _wanted(), str(get_locale())
    row = jobs.row_of(job)
    order = score_order.chosen(job, request.args.get("sort", ""), language)
    page = invitation_list.invitations(job, page_number(), wish, order)
    scores = score_order.scores([one.id for one in page.items], order) if order else {}
    return render_template(
        "jobs/details.html",
        row=row,
        progress=progress_of(job),
        hints=other_process.hints(row.links),
        page=page,
        wanted=wish,
        order=order,
        scores=scores,
        steps=score_order.steps([scores[one.id] for one in page.items]) if order else (),
        apart=invitation_list.apart(job, wish, order) if order else (),
        held=_held(job),
        parts=parts.parts_of(job, str(get_locale())),
        parts_stay=parts.has_invitations(job),
        states=list_options.states(),
        sorts=list_options.sorts(
            score_order.orders(job, language) if row.numbers.with_result else ()
        ),
        names=assessment_names(),
        language=LANGUAGES[job.language or job.organisation.language],
        share_url=share_url(job) if job.kind is JobKind.LINK else "",
        typed=typed or {},
    )


def _held(job: Job) -> list[tuple[InvitationHold, str]]:
    """What waits for a person's decision, each with why it can't be sent now ('' if it can)."""
    held = holding.of_job(job.id)
    return [(one, job_obstacles.refusal(job, one.application.ats_job)) for one in held]


@blueprint.get("/<uuid:job_id>/invitations.csv")
@recruiter
@asks_password(methods=("GET",))
def export(job_id: uuid.UUID) -> ResponseReturnValue:
    """The invitations that the list shows, as a file."""
    rows = invitation_file.rows(job_named(job_id), _wanted(), str(get_locale()))
    return csv_response(list(format_of_reader().lines(rows)), "invitations.csv")


@blueprint.post("/<uuid:job_id>/reminders")
@recruiter
def set_reminders(job_id: uuid.UUID) -> ResponseReturnValue:
    """Set when candidates are reminded."""
    job, days = job_named(job_id), request.form.get("days", "")[:100]
    hours = REMINDER_HOURS if request.form.get("before_end") else 0
    try:
        email_settings.set_reminders(job, as_days(days), hours)
    except UserError as error:
        typed = {"days": days, "hours": hours, "errors": [_(error.sentence)]}
        return _details(job, typed), 422
    flash(_("The reminders are set."), "success")
    return go(url_for("jobs.details", job_id=job_id), 303)


@blueprint.post("/<uuid:job_id>/close")
@recruiter
def close(job_id: uuid.UUID) -> ResponseReturnValue:
    """Close the job: nobody is invited to it any more."""
    service.close_job(job_named(job_id))
    flash(_("The job is closed: nobody is invited to it any more."), "success")
    return go(url_for("jobs.details", job_id=job_id), 303)


@blueprint.post("/<uuid:job_id>/reopen")
@recruiter
def reopen(job_id: uuid.UUID) -> ResponseReturnValue:
    """Reopen the job for moves from now on."""
    service.reopen_job(job_named(job_id))
    flash(_("The job is reopened. Moves made while it was closed invite nobody."), "success")
    return go(url_for("jobs.details", job_id=job_id), 303)


def _wanted() -> invitation_list.InvitationFilter:
    args = request.args
    return invitation_list.wanted(args.get("state", ""), args.get("q", ""), args.get("sort", ""))
