"""Calls that read a candidate's applications, and the stages these were in."""

from eqsr.smartrecruiters.endpoint import Endpoint
from eqsr.smartrecruiters.parsers import candidates as parsers
from eqsr.smartrecruiters.parsers import lists
from eqsr.smartrecruiters.transport import Transport
from eqsr.smartrecruiters.types.candidates import ApplicationRecord, StatusChange

APPLICATION = Endpoint("GET", "/candidates/{candidate_id}/jobs/{job_id}", "candidates_read")
STATUS_HISTORY = Endpoint(
    "GET", "/candidates/{candidate_id}/jobs/{job_id}/status/history", "candidates_read"
)
JOB_APPLICATION = Endpoint(
    "GET",
    "/job-applications-api/v202112/job-applications/{application_id}",
    "job_applications_read",
)


class ApplicationCalls:
    """Calls about applications; each raises SmartRecruitersError.

    An application may be deleted or become inaccessible at any time; SmartRecruiters then answers
    with NoAccess or NotFound.
    """

    _transport: Transport

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
        read = lists.content_of(parsers.status_change, lenient=True)
        return oldest_first(answer.read(read))


def oldest_first(changes: tuple[StatusChange, ...]) -> tuple[StatusChange, ...]:
    """Sort changes by time; changes in the same millisecond keep the order in which they happened.

    SmartRecruiters does not document the order of its answer, so it is derived from the first and
    the last change.
    """
    newest_first = bool(changes) and changes[0].changed_on > changes[-1].changed_on
    in_order = reversed(changes) if newest_first else changes
    return tuple(sorted(in_order, key=lambda change: change.changed_on))
