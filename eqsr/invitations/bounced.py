"""Mails that came back.

Somebody who forges a report needs the Message-ID of a mail of ours, which is random; with it they
can mark that one invitation, and nothing else.
"""

from eqsr.db import release, transaction
from eqsr.invitations import service
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.ledger import service as ledger
from eqsr.mail import bounces, mailbox
from eqsr.mail import service as mail
from eqsr.mail.bounces import Report
from eqsr.mail.mailbox import Mailbox, Place
from eqsr.mail.models import Mail

# Further than this the candidate has had the link in some way, whatever comes back.
NOT_OPENED = (InvitationState.QUEUED, InvitationState.SENT)


def take(raw: bytes) -> str:
    """Act on a message that came back; a word for operators.

    ``bounced``: for good, the invitation is undeliverable. ``delayed``: only the ledger tells.
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
        _tell_once("mail_delayed", sent, invitation, report)
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
        release()
        if verdict != "not ours":
            opened.delete(uid)
        place = Place(opened.validity, uid)
    return place


def _bounced(sent: Mail, invitation: Invitation, report: Report) -> str:
    if not mail.bounced(sent, report.reason):
        return "known"
    # An address that was corrected meanwhile is not to blame for what the old one did.
    if invitation.email == sent.to_address and invitation.state in NOT_OPENED:
        invitation.state = InvitationState.UNDELIVERABLE
        invitation.problem = report.reason
    _tell_once("mail_bounced", sent, invitation, report)
    return "bounced"


def _tell_once(kind: str, sent: Mail, invitation: Invitation, report: Report) -> None:
    ledger.note_once(
        kind,
        invitation.organisation_id,
        invitation.application_id,
        str(sent.id),
        email=sent.to_address,
        reason=report.reason,
        said=report.said,
    )
