"""Read and lock the rows of team invitations."""

import uuid

from sqlalchemy import select

from eqsr.accounts.models import Role, User
from eqsr.core.db import db
from eqsr.core.messages import NotFoundError
from eqsr.teams.models import TeamInvitation


def from_platform(invitation: TeamInvitation) -> bool:
    """Was it sent by staff or an onboarding link, not by an admin of the organisation?

    Such an invitation is valid only while the organisation has no admin.
    """
    by = invitation.invited_by
    return by is None or by.role is Role.STAFF


def open_invitations(organisation_id: uuid.UUID) -> list[TeamInvitation]:
    """Return invitations neither accepted nor withdrawn, expired ones included, newest first."""
    query = (
        select(TeamInvitation)
        .where(TeamInvitation.organisation_id == organisation_id)
        .where(TeamInvitation.accepted_at.is_(None), TeamInvitation.withdrawn_at.is_(None))
        .order_by(TeamInvitation.created_at.desc(), TeamInvitation.id)
    )
    return list(db.session.scalars(query))


# Lock only this table: PostgreSQL can't lock the outer join that loads the organisation.
LOCK_ITSELF = {"of": TeamInvitation}


def for_update(admin: User, invitation_id: uuid.UUID) -> TeamInvitation:
    """Lock an invitation of the admin's organisation. Raises NotFoundError for any other."""
    invitation = db.session.get(
        TeamInvitation, invitation_id, populate_existing=True, with_for_update=LOCK_ITSELF
    )
    if invitation is None or invitation.organisation_id != admin.organisation_id:
        raise NotFoundError
    return invitation
