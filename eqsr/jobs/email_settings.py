"""A job's email settings: language, wording, contact address, reminders."""

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.core.db import transaction
from eqsr.core.messages import UserError
from eqsr.jobs.models import Job


def set_mail(
    job: Job, language: str, words: dict[str, str] | None, contact_email: str | None, user: User
) -> None:
    """Store language, wording and contact address of the job's emails.

    '' or None means the organisation's language or contact, and the standard wording. The caller
    checks the values (invitations.wording, organisations.contact).
    """
    with transaction() as session:
        job = session.get_one(Job, job.id, populate_existing=True, with_for_update=True)
        if (job.language, job.mail_words, job.contact_email) == (language, words, contact_email):
            return
        job.language, job.mail_words, job.contact_email = language, words, contact_email
        activity.log(
            ActivityKind.MAIL_WORDS_CHANGED,
            job.organisation_id,
            job_id=job.id,
            user=user.display_name,
        )


def set_reminders(job: Job, days: list[int], hours: int) -> None:
    """Store when candidates who have not started are reminded.

    ``days`` are days after the invitation, ``hours`` before its end (0: no such reminder). Raises
    UserError for more than three days, days outside 1-60 or hours outside 0-240.
    """
    if len(days) > 3 or not all(1 <= day <= 60 for day in days) or not 0 <= hours <= 240:
        raise UserError("Give up to three days between 1 and 60, such as 3, 7.")
    with transaction() as session:
        job = session.get_one(Job, job.id, populate_existing=True, with_for_update=True)
        job.reminder_days = sorted(set(days))
        job.reminder_hours = hours
