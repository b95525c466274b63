"""Sending the invitation's mail."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale

from eqsr.activity.kinds import ActivityKind
from eqsr.core import formats
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.instruments.catalogue import assessment
from eqsr.instruments.naming import assessment_name
from eqsr.invitations import service, wording
from eqsr.invitations.current_stage import stage_now
from eqsr.invitations.links import take_url
from eqsr.invitations.models import Invitation, InvitationState, Trigger
from eqsr.jobs.assessment_platform import offer_of
from eqsr.jobs.models import Job
from eqsr.mail import service as mail
from eqsr.mail.compose import Email, compose_email
from eqsr.mail.faults import Fault
from eqsr.mail.models import Mail, MailState
from eqsr.mail.smtp import MailRefused
from eqsr.organisations import contact
from eqsr.organisations.service import brand_of
from eqsr.smartrecruiters.types import Stage

# A mail that had to wait longer than this is sent only if the person is still in the stage.
LATE_EMAIL = timedelta(minutes=15)

WAITING = (InvitationState.QUEUED, InvitationState.UNDELIVERABLE)
SENDABLE = (*service.BEFORE_START, InvitationState.STARTED)


@dataclass(frozen=True)
class EmailFacts:
    """What a mail to a candidate tells, in ``language``. ``open_until_day`` is without the hour."""

    language: str
    first_name: str
    assessment_name: str
    minutes: int
    open_until: str
    open_until_day: str
    link_url: str


def send(mail_id: uuid.UUID) -> None:
    """Send the first email, once. Raises Reschedule, and PermanentFailure after days of trying."""
    queued = mail.get(mail_id)
    invitation = service.get(queued.subject_id)
    if _unwanted(invitation):
        with transaction():
            # At this very moment it may be taken up again, with this mail.
            if _unwanted(service.locked(invitation.id)):
                mail.cancel(queued)
        return
    if invitation.trigger is not Trigger.LINK and now() - queued.created_at > LATE_EMAIL:
        if invitation.trigger is Trigger.STAGE and _has_left(queued, invitation):
            return
        invitation = service.give_full_time(invitation.id)
    _deliver(queued, invitation, "invitation")


def _unwanted(invitation: Invitation) -> bool:
    # Whoever comes by an open link once more gets the personal link again, however far they are.
    return invitation.trigger is not Trigger.LINK and invitation.state not in WAITING


def send_again(mail_id: uuid.UUID) -> None:
    """The link once more, because a person asked for it. Raises Reschedule and PermanentFailure."""
    _send_if_open(mail_id, "invitation")


def send_extension(mail_id: uuid.UUID) -> None:
    """Tell the candidate that there is more time. Raises Reschedule and PermanentFailure."""
    _send_if_open(mail_id, "extension")


def send_new_link(mail_id: uuid.UUID) -> None:
    """Send the link that replaced all before it. Raises Reschedule and PermanentFailure."""
    queued = mail.get(mail_id)
    invitation = service.get(queued.subject_id)
    finished = invitation.state is InvitationState.COMPLETED
    if invitation.state not in SENDABLE and not finished:
        mail.cancel(queued)
        return
    _deliver(queued, invitation, "new_link", finished=finished)


def _send_if_open(mail_id: uuid.UUID, name: str) -> None:
    queued = mail.get(mail_id)
    invitation = service.get(queued.subject_id)
    if invitation.state not in SENDABLE or queued.created_at < invitation.queued_at:
        mail.cancel(queued)
        return
    _deliver(queued, invitation, name)


def misdirected(queued: Mail) -> bool:
    """Call off a mail to an address that is no longer the invitation's: it would carry a link that
    only whoever reads the present one may have. Asked before the mail is composed, of the same
    invitation as it was read."""
    with transaction() as session:
        invitation = service.locked(queued.subject_id)
        session.refresh(queued)
        if queued.to_address.lower() == invitation.email.lower():
            return False
        mail.cancel(queued)
        return True


def _deliver(queued: Mail, invitation: Invitation, name: str, **more: Any) -> None:
    if misdirected(queued) or queued.state is MailState.CANCELLED:
        return
    invitation_id, email = invitation.id, queued.to_address
    letter_now = compose(invitation, name, **more)
    try:
        mail.deliver(queued, letter_now, lambda: _accepted(invitation_id, email))
    except MailRefused as refusal:
        _refused(queued, invitation_id, refusal)


def compose(invitation: Invitation, name: str = "invitation", **more: Any) -> Email:
    """The mail ``name`` for this invitation; ``more``: what only that template needs."""
    job = invitation.job
    first_name, link = invitation.application.candidate.first_name, take_url(invitation)
    until, language = invitation.expires_at, mail_language(job)
    facts = facts_of(job, invitation.asks_for, language, first_name, until, link)
    if name == "invitation":
        return invitation_letter(job, wording.of(job.mail_words, language), facts)
    return _letter(name, job, facts, **more)


def invitation_letter(
    job: Job, words: wording.Words, facts: EmailFacts, contact_email: str = ""
) -> Email:
    """The invitation in these words; ``contact_email``: instead of the job's."""
    more = {"contact_email": contact_email} if contact_email else {}
    return _letter("invitation", job, facts, words=fill(job, words, facts), **more)


def fill(job: Job, words: wording.Words, facts: EmailFacts) -> wording.Filled:
    """The words for one candidate."""
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
    """In which its candidates are written to."""
    return job.language or job.organisation.language


def candidate_language(invitation: Invitation) -> str:
    """In which the candidate reads our pages: what they chose, else what they are written in."""
    return invitation.language or mail_language(invitation.job)


def facts_of(
    job: Job, asks_for: str, language: str, first_name: str, expires_at: datetime, link_url: str
) -> EmailFacts:
    """What a mail about the assessment ``asks_for`` tells; times by the organisation's clock, whose
    name is told."""
    offer = offer_of(job)
    minutes = offer.minutes if offer else assessment(asks_for).minutes
    zone = ZoneInfo(job.organisation.time_zone)
    with force_locale(language):
        return EmailFacts(
            language=language,
            first_name=first_name,
            assessment_name=offer.name if offer else assessment_name(asks_for),
            minutes=minutes,
            open_until=formats.open_until(expires_at, zone),
            open_until_day=formats.day(expires_at, zone),
            link_url=link_url,
        )


def _letter(name: str, job: Job, facts: EmailFacts, **more: Any) -> Email:
    organisation = job.organisation
    told = {key: value for key, value in asdict(facts).items() if key != "language"}
    told["contact_email"] = contact.of(organisation, job.contact_email)
    return compose_email(
        name,
        locale=facts.language,
        sender_name=organisation.name,
        looks=brand_of(organisation),
        organisation_name=organisation.name,
        job_title=job.title,
        **told | more,
    )


def on_dead(mail_id: uuid.UUID, reason: str) -> None:
    """Every try failed."""
    queued = mail.get(mail_id)
    _undeliverable(
        queued.subject_id, ActivityKind.MAIL_GAVE_UP, queued.to_address, reason, Fault.PASSING
    )


def _has_left(queued: Mail, invitation: Invitation) -> bool:
    """True when the person is no longer in the stage; invitation and mail are called off then."""
    link = invitation.stage_link
    wanted = Stage(link.status, link.sub_status or None)
    seen = stage_now(invitation)
    if seen == wanted:
        return False
    with transaction():
        if seen is None:
            service.cancel_obsolete(invitation, ActivityKind.APPLICATION_GONE)
        else:
            service.cancel_obsolete(
                invitation, ActivityKind.LEFT_STAGE, wanted=wanted.label, stage=seen.label
            )
        mail.cancel(queued)
    return True


def _accepted(invitation_id: uuid.UUID, email: str) -> None:
    with transaction():
        invitation = service.locked(invitation_id)
        if invitation.sent_at is None:
            invitation.sent_at = now()
            service.request_write_back(invitation)
        # What had left for an address that was corrected meanwhile did not reach the person.
        if invitation.email == email:
            if invitation.state in WAITING:
                invitation.state = InvitationState.SENT
                invitation.sent_at = now()
            invitation.problem = invitation.fault = None
        service.log_activity(invitation, ActivityKind.MAIL_ACCEPTED, email=email)


def _refused(queued: Mail, invitation_id: uuid.UUID, refusal: MailRefused) -> None:
    reason = str(refusal)
    with transaction():
        _undeliverable(
            invitation_id, ActivityKind.MAIL_REFUSED, queued.to_address, reason, refusal.fault
        )
        mail.refuse(queued, reason)


def _undeliverable(
    invitation_id: uuid.UUID, kind: ActivityKind, email: str, reason: str, fault: Fault
) -> None:
    with transaction():
        invitation = service.locked(invitation_id)
        # An address that was corrected meanwhile is not to blame for what the old one did.
        if invitation.email == email:
            if invitation.state is InvitationState.QUEUED:
                invitation.state = InvitationState.UNDELIVERABLE
            invitation.problem, invitation.fault = reason, fault.value
        service.log_activity(invitation, kind, email=email, reason=reason)
