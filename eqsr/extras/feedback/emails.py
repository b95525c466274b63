"""The emails about a candidate's request."""

import uuid

from eqsr.core.db import db
from eqsr.core.extensions import settings
from eqsr.extras.feedback import queries
from eqsr.extras.feedback.models import CandidateRequest
from eqsr.invitations import candidate_refresh
from eqsr.invitations.email_facts import mail_language
from eqsr.invitations.links import take_url
from eqsr.mail import sending as mail_sending
from eqsr.mail import service as mails
from eqsr.mail.compose import Email, compose_email
from eqsr.mail.models import Mail, MailState
from eqsr.mail.smtp_errors import MailRefused
from eqsr.organisations import contact
from eqsr.organisations.service import brand_of


def send_to_people(mail_id: uuid.UUID) -> None:
    """Notify a member of the job's team. Raises Reschedule and PermanentFailure."""
    _send(mail_id, "candidate_request")


def send_to_candidate(mail_id: uuid.UUID) -> None:
    """Send the answer to the candidate. Raises Reschedule and PermanentFailure."""
    _send(mail_id, "candidate_answer")


def on_dead(mail_id: uuid.UUID, reason: str) -> None:
    """Record on the email why every attempt to send it failed."""
    mails.refuse(db.session.get_one(Mail, mail_id), reason)


def _send(mail_id: uuid.UUID, name: str) -> None:
    queued = db.session.get_one(Mail, mail_id)
    if queued.state is MailState.CANCELLED:  # the result was erased
        return
    request = queries.get(queued.subject_id)
    if name == "candidate_request" and request.answered_at is not None:
        mails.cancel(queued)
        return
    corrected = queued.to_address != request.invitation.email
    if name == "candidate_answer" and corrected:  # the email contains the current link
        mails.cancel(queued)
        return
    candidate_refresh.before_use(request.invitation.application)
    try:
        mail_sending.deliver(queued, compose(request, name), lambda: None)
    except MailRefused as refusal:
        mails.refuse(queued, str(refusal))


def compose(request: CandidateRequest, name: str) -> Email:
    """The email called ``name``: ``candidate_request`` or ``candidate_answer``."""
    invitation = request.invitation
    candidate = invitation.application.candidate
    job, organisation = invitation.job, invitation.job.organisation
    to_candidate = name == "candidate_answer"
    return compose_email(
        name,
        locale=mail_language(invitation.job) if to_candidate else organisation.language,
        zone=organisation.time_zone,
        sender_name=organisation.name if to_candidate else None,
        looks=brand_of(organisation) if to_candidate else None,
        organisation_name=organisation.name,
        job_title=invitation.job.title,
        candidate_name=candidate.name,
        first_name=candidate.first_name,
        wish=request.wish.value,
        answer=request.answer,
        contact_email=contact.of(organisation, job.contact_email) if to_candidate else "",
        profile_url=f"{settings.public_url}/candidates/{candidate.id}#requests",
        result_url=f"{take_url(invitation)}/results",
    )
