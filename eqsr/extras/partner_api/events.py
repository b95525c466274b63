"""Apply the events that another platform sends, each once."""

import hashlib
import uuid

from sqlalchemy import select

from eqsr.activity.kinds import ActivityKind
from eqsr.core.db import transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.core.messages import UserError
from eqsr.extras.partner_api.body import PartnerEvent
from eqsr.extras.partner_api.models import PlatformEvent, PlatformResult
from eqsr.extras.partner_api.service import UNDECIDED, invitation_for
from eqsr.extras.partners.models import Platform
from eqsr.invitations import progress
from eqsr.invitations import service as invitations
from eqsr.invitations.models import Invitation
from eqsr.invitations.models import InvitationState as State


class Conflict(UserError):
    """The event contradicts the state of the invitation."""

    status = 409


def apply_event(
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
        _apply(platform, invitation, event)
        return invitation


def _apply(platform: Platform, invitation: Invitation, event: PartnerEvent) -> None:
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
        progress.started(invitation.id)
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
    progress.completed(invitation.id)


def _cancelled(platform: Platform, invitation: Invitation, event: PartnerEvent) -> None:
    if invitation.state is State.COMPLETED:
        raise Conflict("There is a result already.")
    if invitation.state in UNDECIDED:
        invitation.state = State.CANCELLED
        invitations.end_links(invitation)
        invitations.log_activity(
            invitation, ActivityKind.ELSEWHERE_CANCELLED, platform=platform.name
        )
