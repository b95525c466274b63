"""Acting on emails that came back.

A forged report needs the random Message-ID of one of our emails. With it, the forger can mark that
one invitation as undeliverable, and nothing else.
"""

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.core.db import end_read, transaction
from eqsr.invitations import service
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.mail import bounces, mailbox, returns
from eqsr.mail.bounce_report import BounceReport
from eqsr.mail.faults import Fault
from eqsr.mail.mailbox import Mailbox, Place
from eqsr.mail.models import Mail, MailState
from eqsr.outbox.kinds import WorkKind

# Once the candidate has started, they have the link, so a bounce changes nothing any more. That a
# link was opened proves nothing: mail scanners open every link.
NOT_STARTED = (InvitationState.QUEUED, InvitationState.SENT, InvitationState.OPENED)


def take(raw: bytes) -> str:
    """Act on a message that came back; return the outcome for operators.

    ``bounced``: failed for good, so the invitation is undeliverable. ``returned``: a server rejects
    us as a sender, so the email is sent again later. ``delayed``: only logged. ``known``: handled
    before, or erased since. ``not ours``: nothing was done.
    """
    report = bounces.read(raw)
    sent = returns.by_message_id(report.message_id) if report else None
    if report is None or sent is None or service.get(sent.subject_id) is None:
        return "not ours"
    with transaction():
        invitation = service.locked(sent.subject_id)
        if invitation.erased:
            return "known"
        if report.permanent:
            return _bounced(sent, invitation, report)
        _log_once(ActivityKind.MAIL_DELAYED, sent, invitation, report)
        return "delayed"


def read_mailbox(url: str, start: Place) -> Place:
    """Act on the messages that arrived after ``start``; return the place of the last one read.

    A message that was acted on is deleted once that is committed; others stay as they are.
    Raises mailbox.MailboxUnavailable.
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
            return "known"  # it is already queued to be sent again
        if returns.returned(sent, report.reason):
            return _returned(sent, invitation, report)
    if not returns.bounced(sent, report.reason):
        return "known"
    # If the address was corrected meanwhile, the bounce says nothing about the new one.
    if invitation.email == sent.to_address and invitation.state in NOT_STARTED:
        invitation.state = InvitationState.UNDELIVERABLE
        invitation.problem, invitation.fault = report.reason, report.fault.value
    _log_once(ActivityKind.MAIL_BOUNCED, sent, invitation, report)
    return "bounced"


def _returned(sent: Mail, invitation: Invitation, report: BounceReport) -> str:
    """Record that the email waits to be sent again: the server rejects us, not the address."""
    first = sent.kind in (WorkKind.INVITATION_MAIL, WorkKind.INVITATION_AGAIN)
    same = invitation.email == sent.to_address
    mailed = (InvitationState.SENT, InvitationState.OPENED)
    if first and same and invitation.state in mailed:
        invitation.state = InvitationState.QUEUED
    _log_once(ActivityKind.MAIL_RETURNED, sent, invitation, report)
    return "returned"


def _log_once(kind: ActivityKind, sent: Mail, invitation: Invitation, report: BounceReport) -> None:
    activity.log_once(
        kind,
        invitation.organisation_id,
        invitation.application_id,
        str(sent.id),
        email=sent.to_address,
        reason=report.reason,
        said=report.said,
    )
