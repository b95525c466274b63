"""Explaining why a person was (not) invited, and inviting by hand."""

import uuid

from flask import flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.candidates.models import Application
from eqsr.core.extensions import limiter
from eqsr.core.messages import UserError
from eqsr.invitations import anyway, by_hand, possible_actions, queries
from eqsr.invitations.explain import why
from eqsr.invitations.pages import activity_lines, actor, blueprint, recruiter, to_invitation
from eqsr.jobs import service as jobs
from eqsr.jobs.models import Job
from eqsr.web.requests import is_htmx


@blueprint.get("/jobs/<uuid:job_id>/why")
@recruiter
@limiter.limit("60 per minute")
def why_invited(job_id: uuid.UUID) -> ResponseReturnValue:
    """Explain why a person, given by name, email address or ID, was (not) invited."""
    job = jobs.job_of(current_user.organisation_id, job_id)
    text = " ".join(request.args.get("q", "").replace("\x00", " ").split())[:200]
    answers = why(job, text) if text else None
    lines = {
        answer.application.id: activity_lines(answer.activities)
        for answer in (answers.found if answers else ())
    }
    facts = {"job": job, "text": text, "answers": answers, "lines": lines}
    if is_htmx():
        return render_template("invitations/_answers.html", **facts)
    return render_template("invitations/why.html", **facts)


@blueprint.get("/jobs/<uuid:job_id>/invite/<uuid:application_id>")
@recruiter
def invite(job_id: uuid.UUID, application_id: uuid.UUID) -> ResponseReturnValue:
    """Ask whether to invite this person (again)."""
    job = jobs.job_of(current_user.organisation_id, job_id)
    return _invite_page(job, by_hand.application_on(job, application_id))


@blueprint.post("/jobs/<uuid:job_id>/invite/<uuid:application_id>")
@recruiter
def do_invite(job_id: uuid.UUID, application_id: uuid.UUID) -> ResponseReturnValue:
    """Invite this person (again)."""
    job = jobs.job_of(current_user.organisation_id, job_id)
    application = by_hand.application_on(job, application_id)
    attempt = request.form.get("attempt", 1, type=int)
    try:
        invitation, made = by_hand.invite(job, application, attempt, actor())
    except UserError as error:
        return _invite_page(job, application, _(error.sentence)), 422
    flash(
        _("The invitation is on its way.") if made else _("This invitation was made already."),
        "success" if made else "info",
    )
    return to_invitation(invitation)


@blueprint.post("/jobs/<uuid:job_id>/held/<uuid:application_id>")
@recruiter
def invite_anyway(job_id: uuid.UUID, application_id: uuid.UUID) -> ResponseReturnValue:
    """Send an invitation that was held because the same person was invited before."""
    job = jobs.job_of(current_user.organisation_id, job_id)
    application = by_hand.application_on(job, application_id)
    try:
        invitation = anyway.invite_anyway(job, application, actor())
    except UserError as error:
        flash(_(error.sentence), "error")
        return go(url_for("jobs.details", job_id=job_id), 303)
    flash(_("The invitation is on its way."), "success")
    return to_invitation(invitation)


def _invite_page(job: Job, application: Application, problem: str = "") -> str:
    refusal = by_hand.why_not(job, application)
    return render_template(
        "invitations/invite.html",
        job=job,
        application=application,
        latest=queries.of_application(job.id, application.id),
        email=by_hand.address_of(application),
        open_states=possible_actions.CANCELLABLE,
        problem=problem or (_(refusal) if refusal else ""),
        refused=bool(refusal),
    )
