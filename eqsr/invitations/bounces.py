"""Mails that came back.

Somebody who forges a report needs the Message-ID of a mail of ours, which is random; with it they
can mark that one invitation, and nothing else.
"""

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.core.db import end_read, transaction
from eqsr.invitations import service
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.mail import bounces, mailbox
from eqsr.mail import service as mail
from eqsr.mail.bounces import BounceReport
from eqsr.mail.faults import Fault
from eqsr.mail.mailbox import Mailbox, Place
from eqsr.mail.models import Mail, MailState
from eqsr.outbox.kinds import WorkKind

# Further than this the candidate has had the link in some way, whatever comes back.
NOT_OPENED = (InvitationState.QUEUED, InvitationState.SENT)


def take(raw: bytes) -> str:
    """Act on a message that came back; a word for operators.

    ``bounced``: for good, the invitation is undeliverable. ``returned``: a server has something
    against us, so the mail goes out again later. ``delayed``: only the ledger tells.
    ``known``: told before, or erased since. ``not ours``: nothing was done.
    """
    report = bounces.read(raw)
    sent = report and mail.by_message_id(report.message_id)
    if not sent or service.get(sent.subject_id) is None:
        return "not ours"
    with transaction():
        invitation = service.locked(sent.subject_id)
        if invitation.erased:
            return "known"
        if report.permanent:
            return _bounced(sent, invitation, report)
        _tell_once(ActivityKind.MAIL_DELAYED, sent, invitation, report)
        return "delayed"


def read_mailbox(url: str, start: Place) -> Place:
    """Act on what is new in the mailbox since ``start``; how far it was read.

    A message that was acted on is deleted, once that is in the database; any other stays as it is.
    Raises mailbox.Away.
    """
    with mailbox.opened(url) as opened:
        return _read(opened, start)


def _read(opened: Mailbox, start: Place) -> Place:
    place = start
    for uid in opened.after(start):
        verdict = take(opened.read(uid))
        end_read()
        if verdict != "not ours":
            opened.delete(uid)
        place = Place(opened.validity, uid)
    return place


def _bounced(sent: Mail, invitation: Invitation, report: BounceReport) -> str:
    if report.fault is Fault.US:
        if sent.state is MailState.QUEUED:
            return "known"  # it is about to go out again
        if mail.returned(sent, report.reason):
            return _goes_again(sent, invitation, report)
    if not mail.bounced(sent, report.reason):
        return "known"
    # An address that was corrected meanwhile is not to blame for what the old one did.
    if invitation.email == sent.to_address and invitation.state in NOT_OPENED:
        invitation.state = InvitationState.UNDELIVERABLE
        invitation.problem, invitation.fault = report.reason, report.fault.value
    _tell_once(ActivityKind.MAIL_BOUNCED, sent, invitation, report)
    return "bounced"


def _goes_again(sent: Mail, invitation: Invitation, report: BounceReport) -> str:
    """The other server has something against us, not against the address."""
    first = sent.kind in (WorkKind.INVITATION_MAIL, WorkKind.INVITATION_AGAIN)
    same = invitation.email == sent.to_address
    if first and same and invitation.state is InvitationState.SENT:
        invitation.state = InvitationState.QUEUED
    _tell_once(ActivityKind.MAIL_RETURNED, sent, invitation, report)
    return "returned"


def _tell_once(
    kind: ActivityKind, sent: Mail, invitation: Invitation, report: BounceReport
) -> None:
    activity.log_once(
        kind,
        invitation.organisation_id,
        invitation.application_id,
        str(sent.id),
        email=sent.to_address,
        reason=report.reason,
        said=report.said,
    )
