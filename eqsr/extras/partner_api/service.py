"""Invitations that another platform may read, and where a candidate is sent."""

import uuid
from dataclasses import dataclass

from sqlalchemy import Select, select

from eqsr.core.db import db
from eqsr.core.messages import NotFoundError
from eqsr.extras.partners.models import JobElsewhere, Platform
from eqsr.invitations.models import Invitation
from eqsr.invitations.models import InvitationState as State
from eqsr.jobs import assessment_platform

PAGE_SIZE = 100
# The states a platform is told of unless it asks for others: it may still be taken.
UNDECIDED = (State.QUEUED, State.SENT, State.OPENED, State.UNDELIVERABLE, State.STARTED)


@dataclass(frozen=True)
class InvitationPage:
    """One page of invitations; ``after`` asks for the next one, None on the last."""

    invitations: list[Invitation]
    after: uuid.UUID | None


def invitations_for(
    platform: Platform, states: tuple[State, ...], after: uuid.UUID | None, limit: int = PAGE_SIZE
) -> InvitationPage:
    """The platform's invitations in these states, in the order in which they were made."""
    query = _theirs(platform).where(Invitation.state.in_(states)).order_by(Invitation.id)
    if after is not None:
        query = query.where(Invitation.id > after)
    found = list(db.session.scalars(query.limit(limit + 1)))
    more = len(found) > limit
    return InvitationPage(found[:limit], found[limit - 1].id if more else None)


def invitation_for(platform: Platform, invitation_id: uuid.UUID) -> Invitation:
    """The platform's invitation. Raises NotFoundError for any other."""
    found = db.session.scalar(_theirs(platform).where(Invitation.id == invitation_id))
    if found is None:
        raise NotFoundError
    return found


def _theirs(platform: Platform) -> Select:
    return (
        select(Invitation)
        .join(JobElsewhere, JobElsewhere.job_id == Invitation.job_id)
        .where(JobElsewhere.platform_id == platform.id)
        .where(Invitation.organisation_id == platform.organisation_id)
        .execution_options(populate_existing=True)
    )


def link_for(invitation: Invitation) -> tuple[Platform, str] | None:
    """The platform and link of the assessment; None if the candidate takes it here."""
    choice = assessment_platform.choice_of(invitation.job_id)
    if choice is None:
        return None
    return choice.platform, assessment_platform.link_of(choice, invitation.id)
