"""Reading one application, its candidate and its status history from SmartRecruiters."""

import logging
from dataclasses import dataclass

from eqsr.core.clock import now
from eqsr.invitations.evaluation import EvaluationCause
from eqsr.invitations.snapshot import Snapshot
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.refusals import NotFound
from eqsr.smartrecruiters.types.candidates import ApplicationRecord, CandidateRecord, StatusChange

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Observation:
    """SmartRecruiters' records of one application, and the snapshot to decide from."""

    candidate: CandidateRecord
    application: ApplicationRecord
    snapshot: Snapshot


def observe(
    client: SmartRecruiters, candidate_id: str, job_id: str, cause: EvaluationCause
) -> Observation:
    """Read one application; ids are SmartRecruiters'. Raises SmartRecruitersError."""
    application = client.application(candidate_id, job_id)
    candidate = client.candidate(candidate_id)
    snapshot = Snapshot(
        application.stage,
        _history(client, candidate_id, job_id),
        candidate.email,
        cause.just_moved,
        at=now(),
        waited=cause.waited,
    )
    return Observation(candidate, application, snapshot)


def _history(client: SmartRecruiters, candidate_id: str, job_id: str) -> tuple[StatusChange, ...]:
    try:
        return client.status_history(candidate_id, job_id)
    except (NoAccess, NotFound) as error:
        if error.status == 401:  # a missing scope is a 403
            raise
        # Without a history, decisions relies on the event that reported the move.
        log.info("no status history")
        return ()
