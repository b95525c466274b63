"""Invitations that another platform may read, and the events that it may send."""

import hashlib
import uuid
from dataclasses import dataclass

from sqlalchemy import Select, select

from eqsr.activity.kinds import ActivityKind
from eqsr.core.db import db, transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.core.messages import NotFoundError, UserError
from eqsr.extras.partner_api.body import PartnerEvent
from eqsr.extras.partner_api.models import PlatformEvent, PlatformResult
from eqsr.extras.partners.models import JobElsewhere, Platform
from eqsr.invitations import service as invitations
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs import assessment_platform

State = InvitationState

PAGE_SIZE = 100
# The states a platform is told of unless it asks for others: it may still be taken.
UNDECIDED = (State.QUEUED, State.SENT, State.OPENED, State.UNDELIVERABLE, State.STARTED)


class Conflict(UserError):
    """The event contradicts the state of the invitation."""

    status = 409


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


def take(
    platform: Platform, invitation_id: uuid.UUID, event: PartnerEvent, body: bytes
) -> Invitation:
    """Apply an event once; repeating it changes nothing.

    Raises NotFoundError for another platform's invitation, and Conflict.
    """
    with transaction() as session:
        invitation = invitations.locked(invitation_for(platform, invitation_id).id)
        if invitation.erased:
            raise Conflict("The result of this invitation was deleted.")
        digest = hashlib.sha256(body).hexdigest()
        fresh = insert_if_absent(
            PlatformEvent,
            platform_id=platform.id,
            event_id=event.event_id,
            invitation_id=invitation.id,
            digest=digest,
        )
        if not fresh:
            known = session.scalars(
                select(PlatformEvent).where(
                    PlatformEvent.platform_id == platform.id,
                    PlatformEvent.event_id == event.event_id,
                )
            ).one()
            if (known.invitation_id, known.digest) != (invitation.id, digest):
                raise Conflict("This event_id was used for something else.")
            return invitation
        _follow(platform, invitation, event)
        return invitation


def _theirs(platform: Platform) -> Select:
    return (
        select(Invitation)
        .join(JobElsewhere, JobElsewhere.job_id == Invitation.job_id)
        .where(JobElsewhere.platform_id == platform.id)
        .where(Invitation.organisation_id == platform.organisation_id)
        .execution_options(populate_existing=True)
    )


def _follow(platform: Platform, invitation: Invitation, event: PartnerEvent) -> None:
    {
        "invited": _invited,
        "started": _started,
        "completed": _completed,
        "cancelled": _cancelled,
    }[event.state](platform, invitation, event)


def _invited(platform: Platform, invitation: Invitation, event: PartnerEvent) -> None:
    invitations.log_activity(invitation, ActivityKind.ELSEWHERE_INVITED, platform=platform.name)


def _started(platform: Platform, invitation: Invitation, event: PartnerEvent) -> None:
    """Ignore a start after completion, because events may arrive out of order."""
    if invitation.state in (State.CANCELLED, State.EXPIRED):
        raise Conflict("The invitation is over.")
    if invitation.started_at is None and invitation.state is not State.COMPLETED:
        invitations.started(invitation.id)
        invitations.log_activity(invitation, ActivityKind.ELSEWHERE_STARTED, platform=platform.name)


def _completed(platform: Platform, invitation: Invitation, event: PartnerEvent) -> None:
    """Store the result, even if the invitation has expired."""
    if invitation.state is State.CANCELLED:
        raise Conflict("The invitation was cancelled.")
    if invitation.state is State.COMPLETED:
        raise Conflict("There is a result already.")
    insert_if_absent(
        PlatformResult,
        invitation_id=invitation.id,
        platform=platform.name,
        scales=list(event.scales),
    )
    invitations.log_activity(invitation, ActivityKind.ELSEWHERE_COMPLETED, platform=platform.name)
    invitations.completed(invitation.id)


def _cancelled(platform: Platform, invitation: Invitation, event: PartnerEvent) -> None:
    if invitation.state is State.COMPLETED:
        raise Conflict("There is a result already.")
    if invitation.state in UNDECIDED:
        invitation.state = State.CANCELLED
        invitations.end_links(invitation)
        invitations.log_activity(
            invitation, ActivityKind.ELSEWHERE_CANCELLED, platform=platform.name
        )


def link_for(invitation: Invitation) -> tuple[Platform, str] | None:
    """The platform and link of the assessment; None if the candidate takes it here."""
    choice = assessment_platform.choice_of(invitation.job_id)
    if choice is None:
        return None
    return choice.platform, assessment_platform.link_of(choice, invitation.id)
