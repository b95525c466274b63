"""What follows when a profile is gone from SmartRecruiters: it was merged, or deleted."""

import uuid

from sqlalchemy import select

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Application, Candidate
from eqsr.candidates.queries import applications_of, known_candidate
from eqsr.connections.clients import client_for
from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import service
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.invitations.second_look import LooksGone
from eqsr.merges import likely
from eqsr.merges import service as merges
from eqsr.smartrecruiters.types.candidates import CandidateRecord

State = InvitationState
# The candidate has the link, so a merge that SmartRecruiters shows a moment late must not close it.
LINK_IN_USE = (State.SENT, State.OPENED, State.STARTED)


def candidate_deleted(connection: Connection, ats_id: str, *, second_look: bool = True) -> str:
    """Follow a merge; without evidence of one, take the candidate for deleted.

    Where another profile may have taken over, recruiters are asked (merges.likely).
    Then invitations that were not started are cancelled, and the candidate is marked as removed.
    ``ats_id`` is SmartRecruiters' id. Returns the outcome in a few words for operators. Raises
    LooksGone if a link may be in use and ``second_look`` is False, and SmartRecruitersError if
    SmartRecruiters can't be asked now.
    """
    candidate = known_candidate(connection, ats_id)
    if candidate is None:
        return "candidate not known"
    candidate_id = candidate.id
    client = client_for(connection)
    if merges.follow(connection, client, ats_id):
        return "candidate merged"
    found = likely.look(connection, client, candidate)
    with transaction() as session:
        if not second_look and _invitations(candidate_id, LINK_IN_USE):
            _cancel(_invitations(candidate_id, (State.QUEUED,)))
            session.flush()
        else:
            return _removed(connection, ats_id, candidate_id, found)
    raise LooksGone


def _removed(
    connection: Connection, ats_id: str, candidate_id: uuid.UUID, found: CandidateRecord | None
) -> str:
    candidate = db.session.get_one(Candidate, candidate_id, populate_existing=True)
    candidate.removed_at = candidate.removed_at or now()
    not_started = _invitations(candidate.id, service.BEFORE_START)
    _cancel(not_started)
    logged = {invitation.application_id for invitation in not_started}
    for application in applications_of(connection, ats_id):
        if application.id not in logged:
            activity.log_once(
                ActivityKind.CANDIDATE_GONE,
                application.organisation_id,
                application.id,
                "candidate.deleted",
            )
    if found is not None:
        likely.ask(candidate, found)
    return "candidate removed"


def _invitations(candidate_id: uuid.UUID, states: tuple[InvitationState, ...]) -> list[Invitation]:
    return list(
        db.session.scalars(
            select(Invitation)
            .join(Application, Application.id == Invitation.application_id)
            .where(Application.candidate_id == candidate_id, Invitation.state.in_(states))
        )
    )


def _cancel(invitations: list[Invitation]) -> None:
    for invitation in invitations:
        service.cancel_obsolete(invitation, ActivityKind.CANDIDATE_GONE)
