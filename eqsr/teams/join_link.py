"""The emailed link by which an invited person joins: made, looked up, used once."""

import uuid

from eqsr.accounts import service as accounts
from eqsr.accounts.models import User
from eqsr.accounts.passwords import check_password
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.core import emailed_links
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.emailed_links import InvalidLink, LinkPurpose
from eqsr.core.tokens import hash_token
from eqsr.teams import first_admin
from eqsr.teams.models import TeamInvitation
from eqsr.teams.queries import LOCK_ITSELF, from_platform


def issue_link(invitation_id: uuid.UUID, mail_id: uuid.UUID) -> tuple[TeamInvitation, str] | None:
    """Make the link for this email, which ends earlier ones; None if the invitation has ended."""
    with transaction() as session:
        invitation = session.get_one(
            TeamInvitation, invitation_id, populate_existing=True, with_for_update=LOCK_ITSELF
        )
        if _why_over(invitation):
            return None
        return invitation, emailed_links.issue(LinkPurpose.TEAM_INVITATION, invitation, mail_id)


def find_by_token(token: str) -> TeamInvitation:
    """Return the invitation that this token opens.

    Raises InvalidLink: unknown, used, withdrawn, expired, or taken (there is a first admin).
    """
    return emailed_links.find_by_token(TeamInvitation, token, _why_dead)


def join(token: str, name: str, password: str, address: str = "") -> User:
    """Create the invited member, in the role that the invitation names.

    Raises InvalidLink, WeakPassword, and UserError if the address has an account by now.
    """
    invitation = find_by_token(token)
    check_password(password, invitation.email)
    with transaction() as session:
        invitation = session.get_one(
            TeamInvitation, invitation.id, populate_existing=True, with_for_update=LOCK_ITSELF
        )
        if invitation.token_hash != hash_token(token) or invitation.accepted_at:
            raise InvalidLink("used", invitation)
        if from_platform(invitation):
            first_admin.hold(invitation.organisation_id)
            if first_admin.has_admin(invitation.organisation_id):
                raise InvalidLink("taken", invitation)
        user = accounts.create_user(
            invitation.email, invitation.organisation, invitation.role, password, name
        )
        invitation.accepted_at = now()
        activity.audit(
            AuditAction.TEAM_JOINED,
            user.organisation_id,
            user.id,
            user.id,
            address,
            role=invitation.role.value,
        )
    return user


def _why_dead(invitation: TeamInvitation) -> str:
    """Return InvalidLink's reason, '' for a valid link."""
    if reason := _why_over(invitation):
        return reason
    taken = from_platform(invitation) and first_admin.has_admin(invitation.organisation_id)
    return "taken" if taken else ""


def _why_over(invitation: TeamInvitation) -> str:
    """Return the reason that lies in the invitation itself, '' if there is none."""
    if invitation.accepted_at:
        return "used"
    if invitation.withdrawn_at:
        return "withdrawn"
    return "expired" if invitation.expires_at <= now() else ""
