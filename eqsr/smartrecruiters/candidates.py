"""Calls that read candidates and their applications."""

from collections.abc import Iterator
from datetime import datetime

from eqsr.smartrecruiters import parsers
from eqsr.smartrecruiters.endpoint import Endpoint
from eqsr.smartrecruiters.paging import clamp_limit, iso_millis, page_of, walk
from eqsr.smartrecruiters.transport import Transport
from eqsr.smartrecruiters.types import (
    ApiPage,
    ApplicationRecord,
    CandidateRecord,
    CandidateSummary,
    StatusChange,
)

CANDIDATES = Endpoint("GET", "/candidates", "candidates_read")
CANDIDATE = Endpoint("GET", "/candidates/{candidate_id}", "candidates_read")
APPLICATION = Endpoint("GET", "/candidates/{candidate_id}/jobs/{job_id}", "candidates_read")
STATUS_HISTORY = Endpoint(
    "GET", "/candidates/{candidate_id}/jobs/{job_id}/status/history", "candidates_read"
)
JOB_APPLICATION = Endpoint(
    "GET",
    "/job-applications-api/v202112/job-applications/{application_id}",
    "job_applications_read",
)


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

    def application(self, candidate_id: str, job_id: str) -> ApplicationRecord:
        """Read the current stage of this candidate on this job."""
        answer = self._transport.send(APPLICATION, {"candidate_id": candidate_id, "job_id": job_id})
        return answer.read(parsers.application(candidate_id, job_id))

    def job_application(self, application_id: str) -> ApplicationRecord:
        """Read an application by its own id."""
        answer = self._transport.send(JOB_APPLICATION, {"application_id": application_id})
        return answer.read(parsers.job_application(application_id))

    def status_history(self, candidate_id: str, job_id: str) -> tuple[StatusChange, ...]:
        """Read all stages that the application has been in, oldest first."""
        answer = self._transport.send(
            STATUS_HISTORY, {"candidate_id": candidate_id, "job_id": job_id}
        )
        read = parsers.content_of(parsers.status_change, lenient=True)
        return oldest_first(answer.read(read))


def oldest_first(changes: tuple[StatusChange, ...]) -> tuple[StatusChange, ...]:
    """Sort changes by time; changes in the same millisecond keep the order in which they happened.

    SmartRecruiters does not document the order of its answer, so it is derived from the first and
    the last change.
    """
    newest_first = bool(changes) and changes[0].changed_on > changes[-1].changed_on
    in_order = reversed(changes) if newest_first else changes
    return tuple(sorted(in_order, key=lambda change: change.changed_on))
