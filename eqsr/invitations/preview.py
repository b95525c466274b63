"""Previewing an invitation email, on a page and in the user's own mailbox."""

from dataclasses import dataclass
from datetime import timedelta

from eqsr.accounts.models import User
from eqsr.core.clock import now
from eqsr.core.extensions import settings
from eqsr.core.messages import N_, UserError
from eqsr.invitations import emails
from eqsr.invitations.wording import Filled, Words
from eqsr.jobs.models import Job
from eqsr.mail import service as mail
from eqsr.mail.faults import Fault
from eqsr.mail.smtp import MailRefused, MailServerUnavailable, Unwelcome
from eqsr.organisations import contact


@dataclass(frozen=True)
class EmailPreview:
    """What a candidate with this user's name would read."""

    words: Filled
    facts: emails.EmailFacts
    contact_email: str


def language_of(job: Job, language: str) -> str:
    """The chosen language, or the organisation's if ``language`` is empty."""
    return language or job.organisation.language


def filled(job: Job, language: str, words: Words, whom: str | None, user: User) -> EmailPreview:
    """Fill the words as for a candidate with the user's name.

    ``whom``: the job's contact address for candidates; None or empty: the organisation's.
    """
    facts = _facts(job, language, user)
    contact_email = contact.of(job.organisation, whom)
    return EmailPreview(emails.fill(job, words, facts), facts, contact_email)


def send(job: Job, language: str, words: Words, whom: str | None, user: User) -> None:
    """Send the user the email that a candidate would get; its link leads to our start page.

    Raises UserError if the mail server does not accept it.
    """
    facts = _facts(job, language, user)
    email = emails.invitation_email(job, words, facts, contact.of(job.organisation, whom))
    try:
        mail.send_now(email, user.email)
    except MailRefused as refusal:
        if refusal.fault is Fault.CONTENT:
            raise UserError("The mail server refuses this email for what it says.") from None
        sentence = N_("The mail server refuses your own address. Ask your administrator.")
        raise UserError(sentence) from None
    except Unwelcome:
        sentence = N_("The mail server takes none of our email just now. Try again later.")
        raise UserError(sentence) from None
    except MailServerUnavailable:
        raise UserError("The mail server can't be reached. Try again in a minute.") from None


def _facts(job: Job, language: str, user: User) -> emails.EmailFacts:
    until = now() + timedelta(days=job.days_to_finish)
    first_name = (user.name or "").split(" ")[0]
    return emails.facts_of(
        job, job.assessment, language_of(job, language), first_name, until, settings.public_url
    )
