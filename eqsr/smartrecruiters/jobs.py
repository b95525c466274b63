"""Calls about the company, its jobs and its hiring processes."""

from collections.abc import Iterator
from datetime import datetime

from eqsr.smartrecruiters.endpoint import Endpoint
from eqsr.smartrecruiters.paging import clamp_limit, iso_millis, page_of, walk
from eqsr.smartrecruiters.parsers import jobs as parsers
from eqsr.smartrecruiters.parsers import lists
from eqsr.smartrecruiters.transport import Transport
from eqsr.smartrecruiters.types.jobs import Company, JobRecord
from eqsr.smartrecruiters.types.lists import ApiPage
from eqsr.smartrecruiters.types.stages import HiringProcess

COMPANY = Endpoint("GET", "/configuration/company", "company_read")
HIRING_PROCESSES = Endpoint("GET", "/configuration/hiring-processes", "configuration_read")
JOBS = Endpoint("GET", "/jobs", "jobs_read")
JOB = Endpoint("GET", "/jobs/{job_id}", "jobs_read")


class JobCalls:
    """Calls about jobs; each raises SmartRecruitersError."""

    _transport: Transport

    def company(self) -> Company:
        """Read the company that the account belongs to."""
        return self._transport.send(COMPANY).read(parsers.company)

    def jobs_page(
        self,
        page_id: str | None = None,
        updated_after: datetime | None = None,
        query: str | None = None,
        limit: int = 100,
    ) -> ApiPage[JobRecord]:
        """Read one page of jobs; ``query`` is searched for in titles only.

        Always sorted by job id: page ids are only valid in that order, and in the default order
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
        """Iterate over all jobs; reads pages as they are needed."""
        return walk(JOBS, lambda page_id: self.jobs_page(page_id, updated_after, query))

    def job(self, job_id: str) -> JobRecord:
        """Read one job. For an unknown id it raises NoAccess or NotFound: treat both alike."""
        return self._transport.send(JOB, {"job_id": job_id}).read(parsers.job)

    def hiring_processes(self) -> tuple[HiringProcess, ...]:
        """Read all hiring processes, inactive ones included.

        SmartRecruiters does not say which of them a job uses.
        """
        read = lists.content_of(parsers.hiring_process)
        return self._transport.send(HIRING_PROCESSES).read(read)
