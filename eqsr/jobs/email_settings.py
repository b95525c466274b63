"""How a job's candidates are written to: language, words, contact, reminders."""

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.core.db import transaction
from eqsr.core.messages import UserError
from eqsr.jobs.models import Job


def set_mail(
    job: Job, language: str, words: dict[str, str] | None, contact_email: str | None, user: User
) -> None:
    """How candidates are written to: language and contact (both empty: as the organisation), and
    words (None: the standard ones). invitations.wording and organisations.contact check them."""
    with transaction() as session:
        job = session.get_one(Job, job.id, populate_existing=True, with_for_update=True)
        if (job.language, job.mail_words, job.contact_email) == (language, words, contact_email):
            return
        job.language, job.mail_words, job.contact_email = language, words, contact_email
        facts = {"job_id": job.id, "user": user.name or user.email}
        activity.log(ActivityKind.MAIL_WORDS_CHANGED, job.organisation_id, **facts)


def set_reminders(job: Job, days: list[int], hours: int) -> None:
    """Remind candidates who have not started this many days after their invitation, and
    ``hours`` before it ends (0: not). Raises UserError for more than three days or odd ones."""
    if len(days) > 3 or not all(1 <= day <= 60 for day in days) or not 0 <= hours <= 240:
        raise UserError("Give up to three days between 1 and 60, such as 3, 7.")
    with transaction() as session:
        job = session.get_one(Job, job.id, populate_existing=True, with_for_update=True)
        job.reminder_days = sorted(set(days))
        job.reminder_hours = hours
