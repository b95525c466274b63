"""Following a merge: look for the profile that is left, and hand everything over to it."""

import uuid

from eqsr.candidates import mirror
from eqsr.candidates import queries as candidate_queries
from eqsr.candidates.models import Candidate
from eqsr.connections.models import Connection
from eqsr.core.db import transaction
from eqsr.merges import evidence, handover
from eqsr.merges.evidence import GoneProfile
from eqsr.smartrecruiters.client import SmartRecruiters


def follow(connection: Connection, client: SmartRecruiters, candidate_id: str) -> bool:
    """Whether the profile, which SmartRecruiters no longer has, was merged into another one.

    If so, everything of it belongs to that one afterwards. ``candidate_id`` is SmartRecruiters'.
    Only profiles of the same SmartRecruiters account are looked at. Raises SmartRecruitersError if
    SmartRecruiters can't be asked now.
    """
    candidate = candidate_queries.known_candidate(connection, candidate_id)
    if candidate is None:
        return False
    if candidate.merged_into_id is not None:
        return True
    survivor = evidence.survivor_of(client, gone_profile(connection, candidate, candidate_id))
    if survivor is None:
        return False
    with transaction():
        left = mirror.upsert_candidate(connection.organisation_id, survivor)
        handover.merge(_known(connection, candidate_id), left)
    return True


def follow_application(
    left: Candidate, ats_job_id: uuid.UUID, application_ats_id: str | None
) -> None:
    """Hand over what we know of this application under other profiles than ``left``.

    An application has one profile, so seeing it on ``left`` is sure evidence. The other profile is
    taken for merged once none of its applications is left; SmartRecruiters may tell of the merge
    in any order. Joins the transaction.
    """
    for other in candidate_queries.of_other_profiles(ats_job_id, application_ats_id, left.id):
        handover.hand_over(other.candidate, left, [other])


def gone_profile(connection: Connection, candidate: Candidate, ats_id: str) -> GoneProfile:
    """What we know of a profile with this SmartRecruiters id, by which a merge is looked for."""
    applications = candidate_queries.applications_of(connection, ats_id)
    places = [(one.ats_id, one.ats_job.ats_id) for one in applications if one.ats_job is not None]
    return GoneProfile(ats_id, candidate.name, candidate.email, tuple(places))


def _known(connection: Connection, ats_id: str) -> Candidate:
    candidate = candidate_queries.known_candidate(connection, ats_id)
    if candidate is None:
        raise LookupError(f"candidate {ats_id} was known a moment ago")
    return candidate
