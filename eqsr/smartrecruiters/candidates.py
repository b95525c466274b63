"""Calls that read candidates."""

from collections.abc import Iterator
from datetime import datetime

from eqsr.smartrecruiters.endpoint import Endpoint
from eqsr.smartrecruiters.paging import clamp_limit, iso_millis, page_of, walk
from eqsr.smartrecruiters.parsers import candidates as parsers
from eqsr.smartrecruiters.transport import Transport
from eqsr.smartrecruiters.types.candidates import CandidateRecord, CandidateSummary
from eqsr.smartrecruiters.types.lists import ApiPage

CANDIDATES = Endpoint("GET", "/candidates", "candidates_read")
CANDIDATE = Endpoint("GET", "/candidates/{candidate_id}", "candidates_read")


class CandidateCalls:
    """Calls about candidates; each raises SmartRecruitersError.

    A candidate may be deleted or become inaccessible at any time; SmartRecruiters then answers
    with NoAccess or NotFound.
    """

    _transport: Transport

    def candidates_page(
        self,
        job_id: str | None = None,
        status: str | None = None,
        sub_status: str | None = None,
        updated_after: datetime | None = None,
        page_id: str | None = None,
        query: str | None = None,
        limit: int = 100,
    ) -> ApiPage[CandidateSummary]:
        """Read one page of candidates. SmartRecruiters allows one such call at a time.

        ``query``: SmartRecruiters' keyword search. Raises ValueError for a ``sub_status`` without
        a ``status``.
        """
        if sub_status and not status:
            raise ValueError("SmartRecruiters filters by sub-status only together with a status")
        answer = self._transport.send(
            CANDIDATES,
            query={
                "q": query,
                "jobId": job_id,
                "status": status,
                "subStatus": sub_status,
                "updatedAfter": iso_millis(updated_after),
                "pageId": page_id,
                "limit": clamp_limit(limit),
            },
        )
        return page_of(answer, parsers.candidate_summary)

    def iter_candidates(
        self,
        job_id: str | None = None,
        status: str | None = None,
        sub_status: str | None = None,
        updated_after: datetime | None = None,
        query: str | None = None,
    ) -> Iterator[CandidateSummary]:
        """Iterate over all candidates that match the filters; reads pages as they are needed."""
        return walk(
            CANDIDATES,
            lambda page_id: self.candidates_page(
                job_id, status, sub_status, updated_after, page_id, query
            ),
        )

    def candidate(self, candidate_id: str) -> CandidateRecord:
        """Read one candidate, who may have no email address."""
        answer = self._transport.send(CANDIDATE, {"candidate_id": candidate_id})
        return answer.read(parsers.candidate(candidate_id))
