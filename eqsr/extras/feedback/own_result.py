"""A candidate's own result, as long as their link shows it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from eqsr.core.clock import now
from eqsr.core.messages import UserError
from eqsr.extras.feedback.models import CandidateRequest, RequestKind
from eqsr.extras.feedback.queries import of_invitations
from eqsr.invitations import service as invitations
from eqsr.invitations.models import WITH_RESULT, Invitation
from eqsr.screens.profile import profile as candidates
from eqsr.screens.profile.scale_results import ProfilePart

OPEN_FOR = invitations.RESULT_SHOWN_FOR


class ResultClosed(UserError):
    """The link no longer shows the result."""

    status = 410


@dataclass(frozen=True)
class OwnResult:
    """An invitation with a result as its candidate sees it, until ``open_until``."""

    invitation: Invitation
    parts: Sequence[ProfilePart]
    open_until: datetime
    requests: Sequence[CandidateRequest]

    @property
    def may_ask(self) -> Sequence[RequestKind]:
        """The kinds of request that have no open request."""
        waiting = {one.wish for one in self.requests if one.answered_at is None}
        return [wish for wish in RequestKind if wish not in waiting]


def own_result(invitation_id: uuid.UUID) -> OwnResult | None:
    """The candidate's result; None before the assessment is completed or ended in part.

    Raises ResultClosed when the link no longer shows it.
    """
    invitation = invitations.get(invitation_id)
    if invitation is None or invitation.state not in WITH_RESULT:
        return None
    if invitation.erased:
        raise ResultClosed("This result was deleted.")
    if invitation.result_at is None:
        raise ValueError(f"invitation {invitation_id} has a result, but no time of it")
    open_until = invitation.result_at + OPEN_FOR
    if now() >= open_until or invitation.application.candidate.removed_at is not None:
        raise ResultClosed("This page is not open any more. Write to the person who invited you.")
    (block,) = candidates.blocks_of([invitation])
    asked = of_invitations([invitation_id]).get(invitation_id, [])
    return OwnResult(invitation, block.parts, open_until, asked)
