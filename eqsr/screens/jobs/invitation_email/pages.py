"""The page of a job's invitation email."""

from flask import render_template, request
from flask_babel import gettext as _

from eqsr.invitations import preview as previews
from eqsr.invitations import wording, wording_checks
from eqsr.invitations.preview import EmailPreview
from eqsr.invitations.wording import Words
from eqsr.jobs.models import Job
from eqsr.organisations import contact
from eqsr.organisations.service import LANGUAGES


def words_of(job: Job, language: str) -> Words:
    """The words of the job's email in this language: its own, or the standard ones."""
    return wording.of(job.mail_words, previews.language_of(job, language))


def typed_contact() -> str:
    """The contact address as it was typed, cut where no address can be as long."""
    return request.form.get("contact_email", "")[:400]


def email_page(
    job: Job,
    language: str,
    words: Words,
    contact_email: str,
    errors: dict[str, list[str]] | None = None,
    note: str = "",
    preview: EmailPreview | None = None,
) -> str:
    """Show the page.

    ``contact_email``: as it was typed. ``errors``: sentences by the name of their field.
    """
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
        placeholders=wording_checks.PLACEHOLDERS,
        errors=errors or {},
        note=note,
        preview=preview,
    )
