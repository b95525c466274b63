"""What an email about an invitation tells the candidate, and in which language."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale

from eqsr.core import formats
from eqsr.instruments.catalogue import assessment
from eqsr.instruments.naming import assessment_name
from eqsr.invitations import wording
from eqsr.invitations.models import Invitation
from eqsr.jobs.assessment_platform import offer_of
from eqsr.jobs.models import Job


@dataclass(frozen=True)
class EmailFacts:
    """What an email tells a candidate, in ``language``.

    ``minutes``: how long the assessment takes. ``open_until``: the deadline with its hour and time
    zone; ``open_until_day`` without them.
    """

    language: str
    first_name: str
    assessment_name: str
    minutes: int
    open_until: str
    open_until_day: str
    link_url: str


def fill(job: Job, words: wording.Words, facts: EmailFacts) -> wording.Filled:
    """Fill the words' placeholders for one candidate."""
    known = {
        "first_name": facts.first_name,
        "organisation": job.organisation.name,
        "job": job.title,
        "assessment": facts.assessment_name,
        "minutes": str(facts.minutes),
        "open_until": facts.open_until,
    }
    with force_locale(facts.language):
        return wording.filled(words, known)


def mail_language(job: Job) -> str:
    """The language of emails to the job's candidates."""
    return job.language or job.organisation.language


def candidate_language(invitation: Invitation) -> str:
    """The language of the candidate's pages: their own choice, or else that of their emails."""
    return invitation.language or mail_language(invitation.job)


def language_and_zone(invitation: Invitation) -> tuple[str, str]:
    """The language and the time zone of the candidate's pages."""
    return candidate_language(invitation), invitation.job.organisation.time_zone


def facts_of(
    job: Job, asks_for: str, language: str, first_name: str, expires_at: datetime, link_url: str
) -> EmailFacts:
    """Gather what an email about the assessment ``asks_for`` (its id) tells the candidate.

    ``expires_at`` is written in the organisation's time zone, which is named with it.
    """
    offer = offer_of(job)
    minutes = offer.minutes if offer else assessment(asks_for).minutes
    with formats.written_for(language, job.organisation.time_zone):
        return EmailFacts(
            language=language,
            first_name=first_name,
            assessment_name=offer.name if offer else assessment_name(asks_for),
            minutes=minutes,
            open_until=formats.open_until(expires_at),
            open_until_day=formats.day(expires_at),
            link_url=link_url,
        )
