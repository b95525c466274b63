"""A job's invitation mail: its language and its words, tried out before candidates get them."""

import uuid

from flask import Blueprint, flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.core.extensions import limiter
from eqsr.core.messages import UserError
from eqsr.invitations import preview as trying
from eqsr.invitations import wording
from eqsr.invitations.preview import EmailPreview
from eqsr.invitations.wording import Words
from eqsr.jobs import email_settings, service
from eqsr.jobs.models import Job
from eqsr.organisations import contact
from eqsr.organisations.service import LANGUAGES
from eqsr.screens.jobs.invitation_email import forms
from eqsr.web.access import member
from eqsr.web.requests import is_htmx

blueprint = Blueprint("letter", __name__, url_prefix="/jobs")
recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.get("/<uuid:job_id>/mail")
@recruiter
def page(job_id: uuid.UUID) -> ResponseReturnValue:
    job = _job(job_id)
    return _page(job, job.language, _words(job, job.language), job.contact_email or "")


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
        whom = contact.checked(request.form.get("contact_email", "")[:400])
        return _do(action, job, language, words, whom)
    except UserError as error:
        if action == "preview" and is_htmx():
            return render_template("jobs/_problem.html", problem=_(error.sentence)), 422
        shown = forms.typed(request.form)
        known = request.form.get("language", "")
        errors = {error.field: [_(error.sentence)]}
        return _page(job, known, shown, _typed_contact(), errors), 422


def _do(
    action: str, job: Job, language: str, words: Words, whom: str | None
) -> ResponseReturnValue:
    if action == "preview":
        preview = trying.filled(job, language, words, whom, current_user)
        if is_htmx():
            return render_template("jobs/_letter.html", preview=preview, job=job)
        return _page(job, language, words, _typed_contact(), preview=preview)
    if action == "test":
        trying.send(job, language, words, whom, current_user)
        address = current_user.email
        note = _("The mail was sent to %(address)s.", address=address)
        return _page(job, language, words, _typed_contact(), note=note)
    own = None if words == wording.standard(trying.language_of(job, language)) else words.stored
    email_settings.set_mail(job, language, own, whom, current_user)
    flash(_("The invitation mail is saved. Mails from now on say this."), "success")
    return go(url_for("jobs.details", job_id=job.id), 303)


def _wanted(job: Job) -> Words:
    """What was typed; the untouched standard text of another language becomes that of the new."""
    words = forms.checked(request.form)
    new = trying.language_of(job, request.form.get("language", ""))
    standards = [wording.standard(language) for language in LANGUAGES]
    return wording.standard(new) if words in standards else words


def _words(job: Job, language: str) -> Words:
    return wording.of(job.mail_words, trying.language_of(job, language))


def _typed_contact() -> str:
    return request.form.get("contact_email", "")[:400]


def _page(
    job: Job,
    language: str,
    words: Words,
    contact_email: str,
    errors: dict[str, list[str]] | None = None,
    note: str = "",
    preview: EmailPreview | None = None,
) -> str:
    """``contact_email`` as it was typed; ``errors``: sentences by the name of their field."""
    own = LANGUAGES[job.organisation.language]
    choices = [("", _("As the organisation: %(language)s", language=own)), *LANGUAGES.items()]
    return render_template(
        "jobs/letter.html",
        job=job,
        language=language,
        words=words,
        languages=choices,
        contact_email=contact_email,
        default_contact=contact.of(job.organisation),
        placeholders=wording.PLACEHOLDERS,
        errors=errors or {},
        note=note,
        preview=preview,
    )


def _job(job_id: uuid.UUID) -> Job:
    return service.job_of(current_user.organisation_id, job_id)
