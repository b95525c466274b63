"""Jobs, hiring processes, candidates, applications and paging."""

import uuid
from typing import Any

import pytest

from tests.sandbox.drive import Tenant


def pages(tenant: Tenant, path: str) -> list[dict[str, Any]]:
    """Follow ``Link`` until it ends."""
    found: list[dict[str, Any]] = []
    while path:
        answer = tenant.api("GET", path)
        assert answer.status_code == 200, answer.text
        found += answer.json()["content"]
        assert ("nextPageId" in answer.json()) == ("next" in answer.links)
        path = answer.links["next"]["url"] if "next" in answer.links else ""
    return found


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["code"]


def test_every_job_is_found_once_by_paging(tenant: Tenant) -> None:
    made = tenant.control("POST", "/jobs/bulk", count=23, title_prefix="Planner")["ids"]
    found = pages(tenant, "/jobs?limit=5&sort=job_id")
    assert sorted(made) == [job["id"] for job in found]


def test_page_id_needs_the_right_sort(tenant: Tenant) -> None:
    tenant.control("POST", "/jobs/bulk", count=3)
    page_id = tenant.api("GET", "/jobs?limit=1").json()["nextPageId"]
    assert code(tenant.api("GET", f"/jobs?pageId={page_id}")) == (400, "INVALID_PAGE_ID")
    assert code(tenant.api("GET", "/jobs?sort=job_id&pageId=x")) == (400, "INVALID_PAGE_ID")


def test_search_looks_at_titles_only_in_any_case(tenant: Tenant) -> None:
    tenant.job("Java Developer", refNumber="REF1")
    tenant.job("Account Manager", refNumber="JAVA")
    found = tenant.api("GET", "/jobs?q=jAvA").json()
    assert [job["title"] for job in found["content"]] == ["Java Developer"]
    assert found["content"][0]["refNumber"] == "REF1"


def test_jobs_by_status_and_date(tenant: Tenant) -> None:
    tenant.job("Open")
    cancelled = tenant.job("Gone", status="CANCELLED")
    found = tenant.api("GET", "/jobs?statuses=CANCELLED&statuses=FILLED").json()["content"]
    assert [job["id"] for job in found] == [cancelled]
    since = found[0]["updatedOn"]
    tenant.sandbox.control("POST", "/clock", advance_seconds=5)
    tenant.control("POST", f"/jobs/{cancelled}", title="Gone for good")
    found = tenant.api("GET", "/jobs", params={"updatedAfter": since}).json()["content"]
    assert [job["title"] for job in found] == ["Gone for good"]
    assert code(tenant.api("GET", "/jobs?updatedAfter=yesterday")) == (400, "INVALID_DATE")
    assert code(tenant.api("GET", "/jobs?limit=101")) == (400, "INVALID_LIMIT")


def test_job_details_hide_the_hiring_process(tenant: Tenant) -> None:
    job_id = tenant.job("Tester")
    body = tenant.api("GET", f"/jobs/{job_id}").json()
    assert body["title"] == "Tester"
    assert body["jobAd"]["language"]["code"] == "en"
    assert not [key for key in body if "process" in key.lower()]
    processes = tenant.api("GET", "/configuration/hiring-processes").json()
    assert processes["totalFound"] == 1
    process = processes["content"][0]
    assert process["subStatuses"]["IN_REVIEW"] == ["Phone screen", "Assessment"]
    one = tenant.api("GET", f"/configuration/hiring-processes/{process['id']}")
    assert one.json() == process


def test_candidate_without_email(tenant: Tenant) -> None:
    candidate_id = tenant.candidate(tenant.job(), email=None)
    assert "email" not in tenant.api("GET", f"/candidates/{candidate_id}").json()


def test_candidates_by_stage(tenant: Tenant) -> None:
    job_id, other_job = tenant.job("One"), tenant.job("Two")
    here = tenant.candidate(job_id, status="IN_REVIEW", subStatus="Assessment")
    tenant.candidate(job_id, status="IN_REVIEW", subStatus="Phone screen")
    tenant.candidate(other_job, status="IN_REVIEW", subStatus="Assessment")
    query = {"jobId": job_id, "status": "IN_REVIEW", "subStatus": "Assessment"}
    found = tenant.api("GET", "/candidates", params=query).json()["content"]
    assert [candidate["id"] for candidate in found] == [here]
    assert found[0]["primaryAssignment"]["subStatus"] == "Assessment"
    assert code(tenant.api("GET", "/candidates?subStatus=Assessment"))[0] == 400


def test_candidates_page_stably_while_people_move(tenant: Tenant) -> None:
    job_id = tenant.job()
    made = tenant.control("POST", "/candidates/bulk", count=25, jobId=job_id)
    first = tenant.api("GET", f"/candidates?limit=10&jobId={job_id}").json()
    for candidate in first["content"]:
        tenant.move(candidate["id"], job_id, "REJECTED")
    rest = pages(tenant, f"/candidates?limit=10&jobId={job_id}&pageId={first['nextPageId']}")
    ids = [candidate["id"] for candidate in first["content"] + rest]
    assert sorted(ids) == sorted(candidate["id"] for candidate in made)


def test_move_by_the_api(tenant: Tenant) -> None:
    job_id = tenant.job()
    candidate_id = tenant.candidate(job_id)
    path = f"/candidates/{candidate_id}/jobs/{job_id}"
    wish = {"status": "IN_REVIEW", "subStatus": "Assessment"}
    answer = tenant.api("PUT", f"{path}/status", json=wish)
    assert (answer.status_code, answer.content) == (204, b"")
    application = tenant.api("GET", path).json()
    assert (application["status"], application["subStatus"]) == ("IN_REVIEW", "Assessment")
    history = tenant.api("GET", f"{path}/status/history").json()
    assert [entry["status"] for entry in history["content"]] == ["IN_REVIEW", "NEW"]
    found = tenant.api(
        "GET",
        f"/job-applications-api/v202112/job-applications/{application['applicationId']}",
    ).json()
    assert (found["profileId"], found["jobId"]) == (candidate_id, job_id)


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"status": "INTERVIEW"}, (400, "REQUIRED_SUB_STATUS_OMITTED")),
        ({"status": "IN_REVIEW", "subStatus": "Assessment"}, (400, "REQUIRED_SUB_STATUS_OMITTED")),
        ({"status": "IN_REVIEW", "subStatus": "Dancing"}, (400, "INVALID_SUB_STATUS")),
        ({"status": "DANCING"}, (400, "INVALID_STATUS")),
        ({"status": "NEW", "reason": "x"}, (400, "NO_REASON_SUPPORT_FOR_STATUS")),
        ({"status": "REJECTED", "reason": "x"}, (400, "REASON_NOT_FOUND")),
        ([], (400, "INVALID_REQUEST_BODY")),
    ],
)
def test_bad_moves(tenant: Tenant, wish: Any, expected: tuple[int, str]) -> None:
    job_id = tenant.job()
    candidate_id = tenant.candidate(job_id)
    process = tenant.facts["hiringProcesses"][0]["id"]
    required = {"requiredSubStatuses": ["Phone screen"]}
    tenant.control("POST", f"/hiring-processes/{process}", **required)
    path = f"/candidates/{candidate_id}/jobs/{job_id}/status"
    assert code(tenant.api("PUT", path, json=wish)) == expected


def test_a_status_without_a_sub_status_is_a_stage_too(tenant: Tenant) -> None:
    job_id = tenant.job()
    path = f"/candidates/{tenant.candidate(job_id)}/jobs/{job_id}"
    assert tenant.api("PUT", f"{path}/status", json={"status": "IN_REVIEW"}).status_code == 204
    assert "subStatus" not in tenant.api("GET", path).json()
    screened = {"status": "IN_REVIEW", "subStatus": "Phone screen"}
    assert tenant.api("PUT", f"{path}/status", json=screened).status_code == 204
    assert tenant.api("PUT", f"{path}/status", json={"status": "INTERVIEW"}).status_code == 204


def test_a_rejection_with_its_reason(tenant: Tenant) -> None:
    job_id = tenant.job()
    path = f"/candidates/{tenant.candidate(job_id)}/jobs/{job_id}"
    reasons = tenant.api("GET", "/configuration/rejection-reasons").json()["content"]
    wish = {"status": "REJECTED", "reason": reasons[0]["id"]}
    assert tenant.api("PUT", f"{path}/status", json=wish).status_code == 204
    assert tenant.api("GET", path).json()["reasonOfRejection"] == reasons[0]


def test_wrong_job_and_wrong_ids(tenant: Tenant) -> None:
    job_id, other_job = tenant.job(), tenant.job()
    candidate_id = tenant.candidate(job_id)
    path = f"/candidates/{candidate_id}/jobs/{other_job}"
    assert code(tenant.api("GET", path)) == (404, "JOB_NOT_FOUND")
    unknown = f"/job-applications-api/v202112/job-applications/{uuid.uuid4()}"
    assert code(tenant.api("GET", unknown)) == (404, "JOB_APPLICATION_NOT_FOUND")
    malformed = "/job-applications-api/v202112/job-applications/12"
    assert code(tenant.api("GET", malformed)) == (400, "INVALID_JOB_APPLICATION_ID")


def test_a_transfer_and_a_merge(tenant: Tenant) -> None:
    one, two, three = tenant.job("One"), tenant.job("Two"), tenant.job("Three")
    kept, gone = tenant.candidate(one), tenant.candidate(three)
    tenant.control("POST", "/transfers", candidateId=kept, fromJobId=one, toJobId=two)
    tenant.control("POST", "/merges", fromCandidateId=gone, intoCandidateId=kept)
    found = tenant.control("GET", f"/candidates/{kept}")["applications"]
    stages = {application["jobTitle"]: application["status"] for application in found}
    assert stages == {"One": "TRANSFERRED", "Two": "NEW", "Three": "NEW"}
    assert tenant.api("GET", f"/candidates/{gone}").status_code == 401


def test_deleted_candidate(tenant: Tenant) -> None:
    job_id = tenant.job()
    candidate_id = tenant.candidate(job_id)
    assert tenant.api("DELETE", f"/candidates/{candidate_id}").status_code == 204
    assert tenant.api("GET", f"/candidates/{candidate_id}").status_code == 401
    assert tenant.api("DELETE", f"/candidates/{candidate_id}").status_code == 404
    assert tenant.control("GET", "/books")["deletedCandidates"] == [candidate_id]
