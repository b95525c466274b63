"""Previewing an invitation email, on a page and in the user's own mailbox."""

from dataclasses import dataclass
from datetime import timedelta

from eqsr.accounts.models import User
from eqsr.core.clock import now
from eqsr.core.extensions import settings
from eqsr.core.messages import N_, UserError
from eqsr.invitations import email_facts, emails
from eqsr.invitations.wording import Filled, Words
from eqsr.jobs.models import Job
from eqsr.mail import sending as mail_sending
from eqsr.mail.faults import Fault
from eqsr.mail.smtp_errors import MailRefused, MailServerUnavailable, Unwelcome
from eqsr.organisations import contact


@dataclass(frozen=True)
class EmailPreview:
    """What a candidate with this user's name would read."""

    words: Filled
    facts: email_facts.EmailFacts
    contact_email: str


def language_of(job: Job, language: str) -> str:
    """The chosen language, or the organisation's if ``language`` is empty."""
    return language or job.organisation.language


def filled(
    job: Job, language: str, words: Words, contact_email: str | None, user: User
) -> EmailPreview:
    """Fill the words as for a candidate with the user's name.

    ``contact_email``: the job's contact address for candidates; None or empty: the organisation's.
    """
    facts = _facts(job, language, user)
    shown = contact.of(job.organisation, contact_email)
    return EmailPreview(email_facts.fill(job, words, facts), facts, shown)


def send(job: Job, language: str, words: Words, contact_email: str | None, user: User) -> None:
    """Send the user the email that a candidate would get; its link leads to our start page.

    Raises UserError if the mail server does not accept it.
    """
    facts = _facts(job, language, user)
    email = emails.invitation_email(job, words, facts, contact.of(job.organisation, contact_email))
    try:
        mail_sending.send_now(email, user.email)
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


def _facts(job: Job, language: str, user: User) -> email_facts.EmailFacts:
    until = now() + timedelta(days=job.days_to_finish)
    first_name = (user.name or "").split(" ")[0]
    return email_facts.facts_of(
        job, job.assessment, language_of(job, language), first_name, until, settings.public_url
    )
