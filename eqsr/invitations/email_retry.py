"""Everything that could not be mailed, once more: what an operator asks for when the cause is
mended."""

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from eqsr.activity.kinds import ActivityKind
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import service
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.mail import server_pause
from eqsr.mail import service as mail
from eqsr.mail.faults import Fault
from eqsr.mail.models import MailPause
from eqsr.outbox.kinds import WorkKind

NOT_THE_ADDRESS = tuple(fault.value for fault in Fault if fault is not Fault.RECIPIENT)


@dataclass(frozen=True)
class EmailQueueState:
    """How mail stands, for operators. ``pause``: while the mail server takes none of it;
    ``waiting``: mails that are put back until it does; ``failed``: mails that were given up or
    refused for another reason than their address."""

    pause: MailPause | None
    waiting: int
    failed: int


def queue_state() -> EmailQueueState:
    refused = select(func.count()).select_from(Invitation).where(*_refused_again())
    failed = mail.given_up() + db.session.scalar(refused)
    pause = server_pause.current()
    return EmailQueueState(pause, server_pause.waiting() if pause else 0, failed)


def retry_all() -> int:
    """Let the mail server be asked at once, take up mails that were given up, and send invitations
    again that failed for another reason than their address. How many mails are tried."""
    return mail.retry_failed() + send_refused_again() + server_pause.try_now()


def send_refused_again() -> int:
    """Send the invitations again that no address is to blame for; how many."""
    query = select(Invitation.id).where(*_refused_again())
    return sum(map(_send_again, db.session.scalars(query).all()))


def _refused_again() -> tuple[ColumnElement[bool], ...]:
    return (
        Invitation.state == InvitationState.UNDELIVERABLE,
        Invitation.fault.in_(NOT_THE_ADDRESS),
        Invitation.expires_at > now(),
        # A mail that was given up is tried again itself.
        Invitation.id.not_in(mail.unsent_about()),
    )


def _send_again(invitation_id: uuid.UUID) -> bool:
    with transaction():
        invitation = service.locked(invitation_id)
        # Somebody may have corrected or withdrawn it meanwhile.
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
