"""Calls about the company, its jobs and its hiring processes."""

from collections.abc import Iterator
from datetime import datetime

from eqsr.smartrecruiters import parsers
from eqsr.smartrecruiters.endpoint import Endpoint
from eqsr.smartrecruiters.paging import clamp_limit, iso_millis, page_of, walk
from eqsr.smartrecruiters.transport import Transport
from eqsr.smartrecruiters.types import ApiPage, Company, HiringProcess, JobRecord

COMPANY = Endpoint("GET", "/configuration/company", "company_read")
HIRING_PROCESSES = Endpoint("GET", "/configuration/hiring-processes", "configuration_read")
JOBS = Endpoint("GET", "/jobs", "jobs_read")
JOB = Endpoint("GET", "/jobs/{job_id}", "jobs_read")


class JobCalls:
    """All calls raise SmartRecruitersError."""

    _transport: Transport

    def company(self) -> Company:
        """Whose account this is."""
        return self._transport.send(COMPANY).read(parsers.company)

    def jobs_page(
        self,
        page_id: str | None = None,
        updated_after: datetime | None = None,
        query: str | None = None,
        limit: int = 100,
    ) -> ApiPage[JobRecord]:
        """One page of jobs; ``query`` is looked for in titles only.

        Always sorted by job id: a page id is only valid with that order, and with the default one
        pages may be incomplete (SmartRecruiters' 2026 reference of ``GET /jobs``).
        """
        answer = self._transport.send(
            JOBS,
            query={
                "q": query,
                "updatedAfter": iso_millis(updated_after),
                "sort": "job_id",
                "pageId": page_id,
                "limit": clamp_limit(limit),
            },
        )
        return page_of(answer, parsers.job)

    def iter_jobs(
        self, updated_after: datetime | None = None, query: str | None = None
    ) -> Iterator[JobRecord]:
        """Every job, page by page as it is consumed."""
        return walk(JOBS, lambda page_id: self.jobs_page(page_id, updated_after, query))

    def job(self, job_id: str) -> JobRecord:
        """One job. An unknown id is answered with NoAccess or NotFound: treat both alike."""
        return self._transport.send(JOB, {"job_id": job_id}).read(parsers.job)

    def hiring_processes(self) -> tuple[HiringProcess, ...]:
        """All hiring processes, also inactive ones.

        SmartRecruiters does not tell which one a job uses.
        """
        read = parsers.content_of(parsers.hiring_process)
        return self._transport.send(HIRING_PROCESSES).read(read)
