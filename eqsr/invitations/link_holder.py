"""From a candidate's link to the invitation that it opens."""

from eqsr.core.emailed_links import LinkPurpose, read_signed
from eqsr.invitations import service
from eqsr.invitations.models import Invitation


class LinkEnded(Exception):
    """The link worked once; a newer one has taken its place, or nothing has."""

    def __init__(self, invitation: Invitation) -> None:
        super().__init__("a link that has ended")
        self.invitation = invitation


def invitation_of(token: str, purpose: LinkPurpose = LinkPurpose.ASSESSMENT) -> Invitation | None:
    """The invitation that this link opens; None if the link is none of ours. Raises LinkEnded for
    a link of an earlier generation, whatever it asks for."""
    named = read_signed(purpose, token)
    invitation = service.get(named[0]) if named else None
    if named and invitation and named[1] != invitation.link_generation:
        raise LinkEnded(invitation)
    return invitation
