"""Whether SmartRecruiters' error means that a candidate is gone."""

from eqsr.connections.clients import means_gone
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.base import SmartRecruitersError
from eqsr.smartrecruiters.errors.refusals import NotFound, RequestRefused


def is_gone(client: SmartRecruiters, candidate_id: str, error: SmartRecruitersError) -> bool:
    """Whether ``error`` means that the candidate was deleted or is out of our reach.

    SmartRecruiters answers 400, 401, 403 or 404 about such a candidate. Raises NoAccess if that
    can't be found out now, so that the work is retried.
    """
    if not isinstance(error, (NotFound, NoAccess, RequestRefused)):
        return False
    try:
        client.candidate(candidate_id)
    except (NotFound, NoAccess) as answer:
        if means_gone(answer, client):
            return True
        raise
    return False
