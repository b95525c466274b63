"""The sandbox answers as SmartRecruiters' published OpenAPI says, or as was assumed before."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.openapi.checking import problems
from tests.sandbox.drive import BASE, Sandbox, Tenant


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["code"]


def below(candidate_id: str, job_id: str) -> dict[str, tuple[str, str, Any]]:
    """Every call about a candidate: its name, and method, path and body."""
    person, place = f"/candidates/{candidate_id}", f"/candidates/{candidate_id}/jobs/{job_id}"
    note = {"content": f"#[CANDIDATE:{candidate_id}] Hello", "shareWith": {"openNote": True}}
    return {
        "read": ("GET", person, None),
        "delete": ("DELETE", person, None),
        "application": ("GET", place, None),
        "history": ("GET", f"{place}/status/history", None),
        "move": ("PUT", f"{place}/status", {"status": "NEW"}),
        "files": ("GET", f"{place}/attachments", None),
        "fields": ("GET", f"{place}/properties", None),
        "set fields": ("PUT", f"{place}/properties", [{"id": "x", "value": 1}]),
        "tags": ("GET", f"{person}/tags", None),
        "tag": ("POST", f"{person}/tags", {"tags": ["a"]}),
        "replace tags": ("PUT", f"{person}/tags", {"tags": ["a"]}),
        "remove tags": ("DELETE", f"{person}/tags", None),
        "notes": ("GET", f"/messages?candidateId={candidate_id}", None),
        "note": ("POST", "/messages/shares", note),
    }


@pytest.fixture
def refusals(tenant: Tenant) -> Callable[[str, str], dict[str, int]]:
    """A function: the status of each call about this candidate."""

    def ask(candidate_id: str, job_id: str) -> dict[str, int]:
        return {
            name: tenant.api(method, path, **({} if body is None else {"json": body})).status_code
            for name, (method, path, body) in below(candidate_id, job_id).items()
        }

    return ask


TAGS = dict.fromkeys(("tags", "tag", "replace tags", "remove tags"), 403)


def test_an_unknown_candidate(tenant: Tenant, refusals: Any) -> None:
    job_id = tenant.job()
    found = refusals(str(uuid.uuid4()), job_id)
    places = dict.fromkeys(found, 404)
    assert found == places | TAGS | {"read": 401, "notes": 400, "note": 400}
    tenant.sandbox.control("POST", "/settings", gone_status=403)
    found = refusals(str(uuid.uuid4()), job_id)
    assert found == dict.fromkeys(found, 403) | {"read": 401, "notes": 400, "note": 400}


def test_a_candidate_who_exists_but_is_out_of_reach(tenant: Tenant, refusals: Any) -> None:
    job_id = tenant.job()
    candidate_id = tenant.candidate(job_id)
    made = tenant.api("GET", f"/candidates/{candidate_id}/jobs/{job_id}").json()["applicationId"]
    tenant.control("POST", f"/candidates/{candidate_id}", outOfReach=True)
    found = refusals(candidate_id, job_id)
    assert found == dict.fromkeys(found, 403) | {"read": 401, "note": 400}
    assert tenant.api("GET", "/candidates").json()["totalFound"] == 0
    path = f"/job-applications-api/v202112/job-applications/{made}"
    assert tenant.api("GET", path).status_code == 404
    tenant.control("POST", f"/candidates/{candidate_id}", outOfReach=False)
    assert tenant.api("GET", f"/candidates/{candidate_id}").status_code == 200


def test_notes_come_as_an_array_page_by_page_and_tell_no_ids(tenant: Tenant) -> None:
    job_id = tenant.job()
    candidate_id = tenant.candidate(job_id)
    for number in range(3):
        content = f"#[CANDIDATE:{candidate_id}] note {number}"
        wish = {"content": content, "shareWith": {"openNote": True}}
        assert tenant.api("POST", "/messages/shares", json=wish).status_code == 201
    found, path = [], f"/messages?candidateId={candidate_id}&limit=2"
    while path:
        answer = tenant.api("GET", path)
        found += answer.json()
        path = answer.links.get("next", {}).get("url")
        assert path is None or "pageId=" in path
    assert len({each["content"] for each in found}) == len(found) == 3
    assert "id" not in found[0]
    place = {"candidateId": candidate_id, "jobId": job_id}
    assert found[0]["context"] == {"applications": [place]}


@pytest.mark.parametrize(("length", "status"), [(1, 201), (10_000, 201), (10_001, 400)])
def test_how_long_a_note_may_be(tenant: Tenant, length: int, status: int) -> None:
    wish = {"content": "x" * length, "shareWith": {"openNote": True}}
    assert tenant.api("POST", "/messages/shares", json=wish).status_code == status


def test_small_things(tenant: Tenant) -> None:
    job_id = tenant.job()
    candidate_id = tenant.candidate(job_id)
    team = tenant.api("GET", f"/jobs/{job_id}/hiring-team").json()["content"]
    assert {member["role"] for member in team} == {"RECRUITER", "HIRING_MANAGER"}
    assert all(member["actions"]["details"]["method"] == "GET" for member in team)
    made = tenant.api("GET", f"/candidates/{candidate_id}/jobs/{job_id}").json()["applicationId"]
    path = f"/job-applications-api/v202112/job-applications/{made}"
    uuid.UUID(tenant.api("GET", path).json()["sourceIdentifier"])
    gone = tenant.api("GET", f"/candidates/attachments/{uuid.uuid4()}")
    assert code(gone) == (404, "FILE_NOT_FOUND")
    [text] = [field for field in tenant.facts["properties"] if field["type"] == "TEXT"]
    values = f"/configuration/candidate-properties/{text['id']}/values"
    assert tenant.api("GET", values).status_code == 400
    token = tenant.new_token(["configuration_read"])
    assert tenant.api("GET", "/configuration/company", token).status_code == 200
    wish = {"callbackUrl": "https://example.org/hook", "events": ["job.created"]}
    for address, status in (("nobody at all", 400), ("ops@example.org", 201)):
        wish["alertingEmailAddress"] = address
        assert tenant.api("POST", BASE, json=wish).status_code == status


def test_nothing_is_null(tenant: Tenant) -> None:
    job_id = tenant.job()
    candidate_id = tenant.candidate(job_id, email=None)
    for path in (
        f"/jobs/{job_id}",
        "/jobs",
        "/candidates",
        f"/candidates/{candidate_id}",
        f"/candidates/{candidate_id}/jobs/{job_id}",
        f"/candidates/{candidate_id}/jobs/{job_id}/status/history",
    ):
        answer = tenant.api("GET", path)
        assert answer.status_code == 200
        assert "null" not in answer.text


def test_as_assumed_before(tenant: Tenant) -> None:
    tenant.sandbox.control("POST", "/settings", answers="assumed")
    job_id = tenant.job()
    candidate_id = tenant.candidate(job_id)
    unknown = str(uuid.uuid4())
    assert tenant.api("GET", f"/messages?candidateId={unknown}").json()["content"] == []
    path = f"/candidates/{candidate_id}"
    assert tenant.api("PUT", f"{path}/tags", json={"tags": ["a"]}).status_code == 200
    assert tenant.api("GET", f"{path}/jobs/{job_id}").json()["subStatus"] is None
    assert tenant.api("POST", f"/candidates/{unknown}/tags", json={"tags": []}).status_code == 404
    assert tenant.api("GET", f"/candidates/{unknown}/jobs/{job_id}").status_code == 401
    move = tenant.api("PUT", f"{path}/jobs/{job_id}/status", json={"status": "IN_REVIEW"})
    assert code(move) == (400, "REQUIRED_SUB_STATUS_OMITTED")


def test_the_page_of_faults_switches_the_answers(tenant: Tenant) -> None:
    here = tenant.sandbox
    checked = 'value="{}" checked'
    assert checked.format("documented") in requests.get(f"{here.url}/faults", timeout=10).text
    answer = requests.post(f"{here.url}/faults/answers", data={"answers": "assumed"}, timeout=10)
    assert checked.format("assumed") in answer.text
    assert here.control("GET", "/state")["settings"]["answers"] == "assumed"
    wrong = requests.post(f"{here.url}/faults/answers", data={"answers": "no"}, timeout=10)
    assert wrong.status_code == 400
    here.control("POST", "/settings", expect=400, answers="no")


@pytest.fixture
def recorded(sandbox: Sandbox) -> Iterator[Callable[[], list[str]]]:
    """A function: what is wrong with the traffic so far, which is not looked at any more then."""
    yield lambda: [said for one in sandbox.traffic.exchanges() for said in problems(one)]


def test_a_wrong_answer_is_noticed(tenant: Tenant, recorded: Callable[[], list[str]]) -> None:
    """Companies that the sandbox would not make: the check, not the sandbox, is tried here."""
    made = {"title": "Baker", "language": "en"}
    job_id = tenant.control("POST", "/jobs", **made)["id"]
    assert recorded() == []
    tenant.control("POST", f"/jobs/{job_id}", refNumber=7)
    assert tenant.api("GET", f"/jobs/{job_id}").status_code == 200
    [said] = recorded()
    assert said.startswith(f"GET /jobs/{job_id} answered 200: JobDetails $.refNumber: 7 is not")
