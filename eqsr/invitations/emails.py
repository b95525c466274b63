"""Composing the emails that candidates get about an invitation."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from eqsr.invitations import wording
from eqsr.invitations.email_facts import EmailFacts, facts_of, fill, mail_language
from eqsr.invitations.links import take_url
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job
from eqsr.mail.compose import Email, compose_email
from eqsr.organisations import contact
from eqsr.organisations.service import brand_of

# Whether the page behind an invitation's link offers the use of an earlier result.
EarlierResultCheck = Callable[[Invitation], bool]
_checks: list[EarlierResultCheck] = []


def earlier_result_told_by(check: EarlierResultCheck) -> None:
    """Register what knows of earlier results, which lies above this room."""
    if check not in _checks:
        _checks.append(check)


def compose(invitation: Invitation, name: str = "invitation", **more: Any) -> Email:
    """Compose the email ``name`` about this invitation.

    ``more``: facts that only this template needs.
    """
    job = invitation.job
    first_name, link = invitation.application.candidate.first_name, take_url(invitation)
    until, language = invitation.expires_at, mail_language(job)
    facts = facts_of(job, invitation.asks_for, language, first_name, until, link)
    if name == "invitation":
        earlier = any(check(invitation) for check in _checks)
        words = wording.of(job.mail_words, language)
        return invitation_email(job, words, facts, earlier_result=earlier)
    return _email(name, job, facts, **more)


def invitation_email(
    job: Job,
    words: wording.Words,
    facts: EmailFacts,
    contact_email: str = "",
    *,
    earlier_result: bool = False,
) -> Email:
    """Compose the invitation in these words; ``contact_email`` replaces the job's contact.

    ``earlier_result``: whether to say that an earlier result may be used again.
    """
    more: dict[str, Any] = {"contact_email": contact_email} if contact_email else {}
    more |= {"words": fill(job, words, facts), "earlier_result": earlier_result}
    return _email("invitation", job, facts, **more)


def _email(name: str, job: Job, facts: EmailFacts, **more: Any) -> Email:
    organisation = job.organisation
    known = {key: value for key, value in asdict(facts).items() if key != "language"}
    known["contact_email"] = contact.of(organisation, job.contact_email)
    return compose_email(
        name,
        locale=facts.language,
        zone=organisation.time_zone,
        sender_name=organisation.name,
        looks=brand_of(organisation),
        organisation_name=organisation.name,
        job_title=job.title,
        **known | more,
    )
