"""Trying an invitation mail out before candidates get it: on a page, and in one's own mailbox."""

from dataclasses import dataclass
from datetime import timedelta

from eqsr.accounts.models import User
from eqsr.clock import now
from eqsr.extensions import settings
from eqsr.invitations import sending
from eqsr.invitations.wording import Filled, Words
from eqsr.jobs.models import Job
from eqsr.mail import service as mail
from eqsr.mail.smtp import Away, Refused
from eqsr.plain import N_, PlainError


@dataclass(frozen=True)
class Preview:
    """What a candidate with this person's name would read."""

    words: Filled
    facts: sending.Facts


def language_of(job: Job, language: str) -> str:
    """The chosen language, or the organisation's for none."""
    return language or job.organisation.language


def filled(job: Job, language: str, words: Words, user: User) -> Preview:
    facts = _facts(job, language, user)
    return Preview(sending.fill(job, words, facts), facts)


def send(job: Job, language: str, words: Words, user: User) -> None:
    """The mail as it would be, to the person who asks. Its link leads to our start page. Raises
    PlainError when the mail server does not take it."""
    letter = sending.invitation_letter(job, words, _facts(job, language, user))
    try:
        mail.send_now(letter, user.email)
    except Refused:
        sentence = N_("The mail server refuses your own address. Ask your administrator.")
        raise PlainError(sentence) from None
    except Away:
        raise PlainError("The mail server can't be reached. Try again in a minute.") from None


def _facts(job: Job, language: str, user: User) -> sending.Facts:
    until = now() + timedelta(days=job.days_to_finish)
    first_name = (user.name or "").split(" ")[0]
    return sending.facts_of(
        job, job.assessment, language_of(job, language), first_name, until, settings.public_url
    )
