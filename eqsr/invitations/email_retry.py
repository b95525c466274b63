"""Sending everything that could not be emailed again, once an operator has fixed the cause."""

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from eqsr.activity.kinds import ActivityKind
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import service
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.mail import pause_probes, server_pause
from eqsr.mail import queries as mail_queries
from eqsr.mail import service as mail
from eqsr.mail.faults import Fault
from eqsr.mail.models import MailPause
from eqsr.outbox.kinds import WorkKind

NOT_THE_ADDRESS = tuple(fault.value for fault in Fault if fault is not Fault.RECIPIENT)


@dataclass(frozen=True)
class EmailQueueState:
    """The state of outgoing email, for operators.

    ``pause``: set while the mail server accepts none of our email. ``waiting``: emails postponed
    until it does. ``failed``: emails that failed for good, or were refused for another reason than
    their address.
    """

    pause: MailPause | None
    waiting: int
    failed: int


def queue_state() -> EmailQueueState:
    """Read the state of outgoing email."""
    refused = select(func.count()).select_from(Invitation).where(*_refused())
    failed = mail_queries.given_up() + db.session.execute(refused).scalar_one()
    pause = server_pause.current()
    return EmailQueueState(pause, pause_probes.waiting() if pause else 0, failed)


def retry_all() -> int:
    """End the pause, and retry every email that failed for another reason than its address.

    Returns how many emails are retried.
    """
    return mail.retry_failed() + _retry_refused() + pause_probes.try_now()


def _retry_refused() -> int:
    query = select(Invitation.id).where(*_refused())
    return sum(map(_send_again, db.session.scalars(query).all()))


def _refused() -> tuple[ColumnElement[bool], ...]:
    """Conditions for open invitations that were refused for another reason than their address."""
    return (
        Invitation.state == InvitationState.UNDELIVERABLE,
        Invitation.fault.in_(NOT_THE_ADDRESS),
        Invitation.expires_at > now(),
        # If the email failed for good, mail.retry_failed retries it.
        Invitation.id.not_in(mail_queries.unsent_about()),
    )


def _send_again(invitation_id: uuid.UUID) -> bool:
    with transaction():
        invitation = service.locked(invitation_id)
        # It may have been corrected, cancelled or erased since it was selected.
        if invitation.state is not InvitationState.UNDELIVERABLE or invitation.erased:
            return False
        if invitation.fault not in NOT_THE_ADDRESS:
            return False
        invitation.state = InvitationState.QUEUED
        invitation.problem = invitation.fault = None
        to_address, organisation_id = invitation.email, invitation.organisation_id
        mail.queue_one(WorkKind.INVITATION_AGAIN, invitation.id, organisation_id, to_address)
        service.log_activity(invitation, ActivityKind.INVITATION_RETRIED, email=to_address)
        return True
