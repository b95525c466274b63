"""Finding the invitation that a candidate's link opens."""

from eqsr.candidates.models import address_key
from eqsr.core.emailed_links import LinkPurpose, read_signed
from eqsr.invitations import service
from eqsr.invitations.models import WITH_RESULT, Invitation


class LinkEnded(Exception):
    """The link was valid once, but was ended or replaced by a newer one."""

    def __init__(self, invitation: Invitation) -> None:
        super().__init__("a link that has ended")
        self.invitation = invitation


def invitation_of(token: str, purpose: LinkPurpose = LinkPurpose.ASSESSMENT) -> Invitation | None:
    """Return the invitation that this link opens, or None if the link is not one of ours.

    That may be the invitation by which the link's own one is continued after a merge.
    Raises LinkEnded for a link of an earlier generation.
    """
    named = read_signed(purpose, token)
    invitation = service.get(named[0]) if named else None
    if named and invitation and named[1] != invitation.link_generation:
        raise LinkEnded(invitation)
    if invitation and invitation.continued_by_id:
        kept = service.get(invitation.continued_by_id)
        # A profile's address is what somebody typed: no result opens to another mailbox.
        if kept and kept.state in WITH_RESULT and _mailbox(kept) != _mailbox(invitation):
            raise LinkEnded(invitation)
        return kept
    return invitation


def _mailbox(invitation: Invitation) -> str | None:
    return address_key(invitation.email)
