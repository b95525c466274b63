"""Share a candidate's profile with a guest by an emailed link that expires and can be revoked."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.candidates.models import Application, Candidate
from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.db import db, transaction
from eqsr.core.email_addresses import checked_address
from eqsr.core.messages import NotFoundError, UserError
from eqsr.extras.shared_profiles.models import ProfileShare
from eqsr.mail import service as mails
from eqsr.outbox.kinds import WorkKind
from eqsr.teams import visibility

SHARE_DAYS = (3, 7, 14, 30)


def share(
    user: User, candidate_id: uuid.UUID, email: str, days: int, share_id: uuid.UUID, address: str
) -> ProfileShare:
    """Mail the guest a link that works for ``days``. ``share_id`` comes from the form: the same
    form sent twice shares once, and sent for somebody else (the page was gone back to) once more.
    Raises UserError, NotFoundError."""
    email = checked_address(email).lower()
    if days not in SHARE_DAYS:
        raise UserError("Choose how long the link is to work.")
    if not visibility.sees_candidate(user, candidate_id):
        raise NotFoundError
    with transaction() as session:
        # Held meanwhile: the same form sent twice at once shares once, and nobody is being erased.
        session.execute(
            select(Candidate.id).where(Candidate.id == candidate_id).with_for_update(key_share=True)
        )
        if is_erased(candidate_id):
            raise UserError("Nothing is left of it that could be shown.")
        known = session.get(ProfileShare, share_id, populate_existing=True)
        if known is not None and known.shared_by_id != user.id:
            raise NotFoundError
        if known is not None and (known.candidate_id, known.email) == (candidate_id, email):
            return known
        made = ProfileShare(
            id=share_id if known is None else new_id(),
            organisation_id=user.organisation_id,
            candidate_id=candidate_id,
            email=email,
            shared_by_id=user.id,
            expires_at=now() + timedelta(days=days),
        )
        session.add(made)
        session.flush()
        mails.queue(WorkKind.PROFILE_SHARE, made.id, made.organisation_id, email)
        audit(AuditAction.PROFILE_SHARED, made, user.id, address)
    return made


def revoke(user: User, share_id: uuid.UUID, address: str) -> ProfileShare:
    """Revoke a link at once.

    Raises NotFoundError unless ``user`` may see the candidate.
    """
    with transaction() as session:
        found = session.get(ProfileShare, share_id, populate_existing=True, with_for_update=True)
        if found is None or not visibility.sees_candidate(user, found.candidate_id):
            raise NotFoundError
        if found.revoked_at is None:
            found.revoked_at = now()
            mails.cancel_queued(found.id)
            audit(AuditAction.PROFILE_SHARE_REVOKED, found, user.id, address)
    return found


def shares_of(candidate_id: uuid.UUID) -> list[ProfileShare]:
    """The candidate's shares, latest first."""
    query = select(ProfileShare).where(ProfileShare.candidate_id == candidate_id)
    return list(db.session.scalars(query.order_by(ProfileShare.created_at.desc(), ProfileShare.id)))


def is_erased(candidate_id: uuid.UUID) -> bool:
    """Whether all of the candidate's applications are erased."""
    marks = db.session.scalars(
        select(Application.erased_at).where(Application.candidate_id == candidate_id)
    ).all()
    return bool(marks) and all(marks)


def audit(action: AuditAction, found: ProfileShare, user_id: uuid.UUID, address: str) -> None:
    """Write an audit entry about a share; ``address`` is a network address."""
    facts = {"email": found.email, "candidate": str(found.candidate_id)}
    activity.audit(action, found.organisation_id, user_id, found.id, address, **facts)
