"""Bringing back invitations that ended only because their profile seemed to be deleted."""

import uuid

from sqlalchemy import or_, select, update

from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.invitations.models import Invitation, InvitationState

State = InvitationState


def reopen(application_id: uuid.UUID) -> None:
    """Open those again that had been sent and were cancelled by nobody. Joins the transaction.

    Their links work again as they were sent. One that had not been sent is queued anew by the next
    evaluation of the application.
    """
    query = (
        select(Invitation)
        .where(Invitation.application_id == application_id, Invitation.email != "")
        .where(Invitation.state == State.CANCELLED, Invitation.cancelled_by_id.is_(None))
        .where(Invitation.sent_at.is_not(None), Invitation.continued_by_id.is_(None))
        .with_for_update(of=Invitation)
        .execution_options(populate_existing=True)
    )
    for invitation in db.session.scalars(query):
        # cancel_obsolete ended the links by raising this, and that of those that lead here too.
        invitation.link_generation -= 1
        _give_back_links_that_lead_to(invitation)
        if invitation.expires_at <= now():
            invitation.state = State.EXPIRED
        else:
            invitation.state = State.OPENED if invitation.opened_at else State.SENT
    db.session.flush()


def _give_back_links_that_lead_to(invitation: Invitation) -> None:
    db.session.execute(
        update(Invitation)
        .where(Invitation.continued_by_id == invitation.id)
        .values(link_generation=Invitation.link_generation - 1)
    )


def written_about(application_id: uuid.UUID) -> list[uuid.UUID]:
    """Ids of the invitations that the profile in SmartRecruiters shows: sent or completed ones."""
    shown = or_(Invitation.sent_at.is_not(None), Invitation.completed_at.is_not(None))
    query = select(Invitation.id).where(Invitation.application_id == application_id, shown)
    return list(db.session.scalars(query.order_by(Invitation.queued_at)))
