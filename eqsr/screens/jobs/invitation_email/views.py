"""A job's invitation email: its language and its words, previewed before candidates get them."""

import uuid

from flask import Blueprint, flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.core.extensions import limiter
from eqsr.core.messages import UserError
from eqsr.invitations import preview as previews
from eqsr.invitations import wording
from eqsr.invitations.wording import Words
from eqsr.jobs import email_settings, service
from eqsr.jobs.models import Job
from eqsr.organisations import contact
from eqsr.organisations.service import LANGUAGES
from eqsr.screens.jobs.invitation_email import forms
from eqsr.screens.jobs.invitation_email.pages import email_page, typed_contact, words_of
from eqsr.web.access import member
from eqsr.web.requests import is_htmx

blueprint = Blueprint("letter", __name__, url_prefix="/jobs")
recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.get("/<uuid:job_id>/mail")
@recruiter
def page(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show the email's language, words and contact address."""
    job = _job(job_id)
    return email_page(job, job.language, words_of(job, job.language), job.contact_email or "")


@blueprint.post("/<uuid:job_id>/mail")
@recruiter
@limiter.limit("60 per minute")
def change(job_id: uuid.UUID) -> ResponseReturnValue:
    """Save, or first look at it, or have it sent to oneself, or begin with the standard again."""
    job, action = _job(job_id), request.form.get("action", "save")
    if action == "reset":
        email_settings.set_mail(job, job.language, None, job.contact_email, current_user)
        flash(_("Candidates get the standard text again."), "success")
        return go(url_for("letter.page", job_id=job.id), 303)
    try:
        language, words = forms.language_of(request.form), _wanted(job)
        contact_email = contact.checked(typed_contact())
        return _do(action, job, language, words, contact_email)
    except UserError as error:
        if action == "preview" and is_htmx():
            return render_template("jobs/_problem.html", problem=_(error.sentence)), 422
        shown = forms.typed(request.form)
        known = request.form.get("language", "")
        errors = {error.field: [_(error.sentence)]}
        return email_page(job, known, shown, typed_contact(), errors), 422


def _do(
    action: str, job: Job, language: str, words: Words, contact_email: str | None
) -> ResponseReturnValue:
    if action == "preview":
        preview = previews.filled(job, language, words, contact_email, current_user)
        if is_htmx():
            return render_template("jobs/_letter.html", preview=preview, job=job)
        return email_page(job, language, words, typed_contact(), preview=preview)
    if action == "test":
        previews.send(job, language, words, contact_email, current_user)
        address = current_user.email
        note = _("The mail was sent to %(address)s.", address=address)
        return email_page(job, language, words, typed_contact(), note=note)
    own = None if words == wording.standard(previews.language_of(job, language)) else words.stored
    email_settings.set_mail(job, language, own, contact_email, current_user)
    flash(_("The invitation mail is saved. Mails from now on say this."), "success")
    return go(url_for("jobs.details", job_id=job.id), 303)


def _wanted(job: Job) -> Words:
    """What was typed; the untouched standard text of another language becomes that of the new."""
    words = forms.checked(request.form)
    new = previews.language_of(job, request.form.get("language", ""))
    standards = [wording.standard(language) for language in LANGUAGES]
    return wording.standard(new) if words in standards else words


def _job(job_id: uuid.UUID) -> Job:
    return service.job_of(current_user.organisation_id, job_id)
