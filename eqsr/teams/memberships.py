"""Invite people to an organisation by email, and let them join by the emailed link."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from eqsr.accounts import service as accounts
from eqsr.accounts.models import Role, User
from eqsr.accounts.passwords import check_password
from eqsr.activity import service as activity
from eqsr.core import emailed_links
from eqsr.core.clock import now
from eqsr.core.db import db, insert_if_absent, transaction
from eqsr.core.email_addresses import checked_address
from eqsr.core.emailed_links import InvalidLink, LinkPurpose
from eqsr.core.messages import NotFoundError, UserError
from eqsr.core.security import hash_token
from eqsr.mail import service as mails
from eqsr.outbox.kinds import WorkKind
from eqsr.teams import first_admin
from eqsr.teams.models import TeamInvitation

INVITATION_LIFETIME = timedelta(days=7)
# A second request within this time (a double click) sends no second email.
RESEND_INTERVAL = timedelta(minutes=1)


def invite(admin: User, email: str, role: Role, address: str = "") -> bool:
    """Invite an address to the admin's organisation; inviting again renews the invitation.

    False for a double click. Raises UserError for an unusable address or one with an account.
    """
    if role is Role.STAFF:
        raise NotFoundError
    return _ask(admin.organisation_id, admin, email, role, address)


def invite_first_admin(
    organisation_id: uuid.UUID, staff: User | None, email: str, address: str = ""
) -> bool:
    """Invite an address to become the organisation's first admin; again renews the invitation.

    ``staff`` is the inviting user, None for an onboarding link. False for a double click. Raises
    UserError if there is an admin, or the address is unusable or has an account.
    """
    with transaction():
        first_admin.hold(organisation_id)
        if first_admin.has_admin(organisation_id):
            raise UserError(
                "This customer has an admin already. Ask that person to invite their colleagues."
            )
        return _ask(organisation_id, staff, email, Role.ADMIN, address)


def _ask(organisation_id: uuid.UUID, by: User | None, email: str, role: Role, address: str) -> bool:
    email = checked_address(email).lower()
    with transaction() as session:
        known = accounts.user_with(email)
        if known is not None and known.organisation_id == organisation_id:
            raise UserError("Somebody with this e-mail address is a member already. See the list.")
        if known is not None:
            raise UserError("This e-mail address has an account elsewhere and can't be invited.")
        insert_if_absent(
            TeamInvitation,
            organisation_id=organisation_id,
            email=email,
            role=role,
            created_at=now(),
            expires_at=now(),
        )
        invitation = session.scalars(
            select(TeamInvitation)
            .where(TeamInvitation.organisation_id == organisation_id)
            .where(TeamInvitation.email == email)
            .with_for_update(of=TeamInvitation)
            .execution_options(populate_existing=True)
        ).one()
        invitation.role = role
        return _send(invitation, by, "team_invited", address)


def resend(admin: User, invitation_id: uuid.UUID, address: str = "") -> bool:
    """Send a new link with a full lifetime, which ends the old one. False for a double click.

    Raises UserError if the invitation was accepted, NotFoundError for another organisation's.
    """
    with transaction():
        invitation = _locked(admin, invitation_id)
        if invitation.accepted_at:
            raise UserError("This invitation was accepted already.")
        return _send(invitation, admin, "team_invited_again", address)


def withdraw(admin: User, invitation_id: uuid.UUID, address: str = "") -> None:
    """End an invitation and its link at once.

    Raises UserError if it was accepted, NotFoundError for another organisation's.
    """
    with transaction():
        _withdraw(_locked(admin, invitation_id), admin, address)


def withdraw_first_admin(
    organisation_id: uuid.UUID, staff: User, invitation_id: uuid.UUID, address: str = ""
) -> None:
    """End an invitation that the platform sent, and its link, at once.

    Raises UserError if it was accepted, NotFoundError for any other invitation.
    """
    with transaction() as session:
        invitation = session.get(
            TeamInvitation, invitation_id, populate_existing=True, with_for_update=_ITSELF
        )
        if invitation is None or invitation.organisation_id != organisation_id:
            raise NotFoundError
        if not from_platform(invitation):
            raise NotFoundError
        _withdraw(invitation, staff, address)


def from_platform(invitation: TeamInvitation) -> bool:
    """Was it sent by staff or an onboarding link, not by an admin of the organisation?

    Such an invitation is valid only while the organisation has no admin.
    """
    by = invitation.invited_by
    return by is None or by.role is Role.STAFF


def _withdraw(invitation: TeamInvitation, by: User, address: str) -> None:
    if invitation.accepted_at:
        raise UserError("This invitation was accepted already. Deactivate the member instead.")
    if invitation.withdrawn_at:
        return
    invitation.withdrawn_at = now()
    invitation.token_hash = None
    mails.cancel_queued(invitation.id)
    _audit(invitation, by, "team_invitation_withdrawn", address)


def issue_link(invitation_id: uuid.UUID, mail_id: uuid.UUID) -> tuple[TeamInvitation, str] | None:
    """Make the link for this email, which ends earlier ones; None if the invitation has ended."""
    with transaction() as session:
        invitation = session.get_one(
            TeamInvitation, invitation_id, populate_existing=True, with_for_update=_ITSELF
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
            TeamInvitation, invitation.id, populate_existing=True, with_for_update=_ITSELF
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
            "team_joined",
            user.organisation_id,
            user.id,
            user.id,
            address,
            role=invitation.role.value,
        )
    return user


def open_invitations(organisation_id: uuid.UUID) -> list[TeamInvitation]:
    """Return invitations neither accepted nor withdrawn, expired ones included, newest first."""
    query = (
        select(TeamInvitation)
        .where(TeamInvitation.organisation_id == organisation_id)
        .where(TeamInvitation.accepted_at.is_(None), TeamInvitation.withdrawn_at.is_(None))
        .order_by(TeamInvitation.created_at.desc(), TeamInvitation.id)
    )
    return list(db.session.scalars(query))


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


# Lock only this table: PostgreSQL can't lock the outer join that loads the organisation.
_ITSELF = {"of": TeamInvitation}


def _locked(admin: User, invitation_id: uuid.UUID) -> TeamInvitation:
    invitation = db.session.get(
        TeamInvitation, invitation_id, populate_existing=True, with_for_update=_ITSELF
    )
    if invitation is None or invitation.organisation_id != admin.organisation_id:
        raise NotFoundError
    return invitation


def _send(invitation: TeamInvitation, by: User | None, action: str, address: str) -> bool:
    if not invitation.withdrawn_at and mails.queued_within(
        RESEND_INTERVAL, invitation.id, WorkKind.TEAM_INVITATION
    ):
        return False
    invitation.withdrawn_at = invitation.accepted_at = None
    invitation.created_at = now()
    invitation.expires_at = now() + INVITATION_LIFETIME
    invitation.invited_by_id = by.id if by else None
    mails.cancel_queued(invitation.id)
    mails.queue(
        WorkKind.TEAM_INVITATION, invitation.id, invitation.organisation_id, invitation.email
    )
    _audit(invitation, by, action, address)
    return True


def _audit(invitation: TeamInvitation, by: User | None, action: str, address: str) -> None:
    activity.audit(
        action,
        invitation.organisation_id,
        by.id if by else None,
        invitation.id,
        address,
        email=invitation.email,
        role=invitation.role.value,
    )
