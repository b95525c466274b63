"""What the API writes onto a profile: notes, tags, attachments and fields."""

from typing import Any

import pytest

from tests.sandbox.drive import Tenant

PDF = b"%PDF-1.4 a report"


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["code"]


@pytest.fixture
def application(tenant: Tenant) -> tuple[str, str]:
    job_id = tenant.job()
    return tenant.candidate(job_id), job_id


def upload(tenant: Tenant, path: str, name: str, content: bytes = PDF) -> Any:
    files = {"file": (name, content, "application/pdf")}
    return tenant.api("POST", path, data={"attachmentType": "GENERIC_FILE"}, files=files)


def test_attachments(tenant: Tenant, application: tuple[str, str]) -> None:
    path = "/candidates/{}/jobs/{}/attachments".format(*application)
    made = upload(tenant, path, "report.pdf")
    assert made.status_code == 201
    body = made.json()
    assert (body["name"], body["contentType"]) == ("report.pdf", "application/pdf")
    assert code(upload(tenant, path, "report.pdf", PDF + b"!")) == (400, "FILE_ALREADY_EXIST")
    assert code(upload(tenant, path, "other.pdf")) == (400, "FILE_ALREADY_EXIST")
    assert code(upload(tenant, path, "virus.exe", b"MZ")) == (400, "INVALID_FILE")
    assert code(upload(tenant, path, "no.pdf", b"not a pdf")) == (400, "INVALID_FILE")
    assert tenant.api("GET", path).json()["totalFound"] == 1
    download = body["actions"]["download"]["url"].removeprefix(tenant.sandbox.url)
    assert tenant.api("GET", download).content == PDF
    assert tenant.api("DELETE", download).status_code == 204
    assert tenant.api("GET", path).json()["totalFound"] == 0
    assert tenant.api("GET", download).status_code == 404


def note(candidate_id: str, **share: Any) -> dict[str, Any]:
    content = f"Finished #[CANDIDATE:{candidate_id}]: https://vendor.example/r/1"
    return {"content": content, "correlationId": "result-1", "shareWith": share}


def test_an_open_note(tenant: Tenant, application: tuple[str, str]) -> None:
    candidate_id, _ = application
    made = tenant.api("POST", "/messages/shares", json=note(candidate_id, openNote=True))
    assert made.status_code == 201
    assert made.json()["shareRequired"] is False
    (seen,) = tenant.control("GET", f"/candidates/{candidate_id}")["notes"]
    assert seen["visibility"] == "OPEN"
    assert seen["correlationId"] == "result-1"
    listed = tenant.api("GET", "/messages", params={"candidateId": candidate_id}).json()
    assert [item["visibility"] for item in listed] == ["OPEN"]
    path = f"/messages/shares/{made.json()['id']}"
    assert tenant.api("DELETE", path).status_code == 204
    assert tenant.api("DELETE", path).status_code == 404
    counts = tenant.control("GET", "/books")["counts"]
    assert (counts["notesWritten"], counts["notesPresent"]) == (1, 0)


def test_notes_that_are_refused(tenant: Tenant, application: tuple[str, str]) -> None:
    candidate_id, _ = application
    refusals = {
        "INVALID_VISIBILITY_OPTIONS": note(candidate_id, openNote=True, everyone=True),
        "NO_ACCESS_TO_CANDIDATE": note("nobody", openNote=True),
        "JOB_NOT_FOUND": note(candidate_id, hiringTeamOf=["x"]),
        "SHARED_WITH_USERS_NOT_FOUND": note(candidate_id, users=["x"]),
    }
    answers = {
        name: tenant.api("POST", "/messages/shares", json=refusals[name]) for name in refusals
    }
    assert {name: code(answer) for name, answer in answers.items()} == {
        name: (400, name) for name in refusals
    }


def test_tags(tenant: Tenant, application: tuple[str, str]) -> None:
    path = f"/candidates/{application[0]}/tags"
    added = tenant.api("POST", path, json={"tags": ["invited", "invited"]})
    assert (added.status_code, added.json()) == (201, {"tags": ["invited"]})
    assert tenant.api("POST", path, json={"tags": ["done"]}).json()["tags"] == ["invited", "done"]
    replaced = tenant.api("PUT", path, json={"tags": ["done"]})
    assert (replaced.status_code, replaced.json()["tags"]) == (201, ["done"])
    assert tenant.api("GET", path).json() == {"tags": ["done"]}
    assert tenant.api("DELETE", path).status_code == 204
    assert tenant.api("GET", path).json() == {"tags": []}
    assert tenant.api("POST", path, json={"tags": ["x" * 51]}).status_code == 400
    many = {"tags": [f"tag {n}" for n in range(101)]}
    assert tenant.api("POST", path, json=many).status_code == 400


def test_fields(tenant: Tenant, application: tuple[str, str]) -> None:
    path = "/candidates/{}/jobs/{}/properties".format(*application)
    fields = tenant.api("GET", "/configuration/candidate-properties").json()["content"]
    ids = {field["label"]: field["id"] for field in fields}
    assert tenant.api("GET", path).json() == {}
    choice_path = f"/configuration/candidate-properties/{ids['Assessment recommendation']}/values"
    choice = tenant.api("GET", choice_path).json()["content"][0]
    wish = [
        {"id": ids["Assessment score"], "value": 82},
        {"id": ids["Assessment recommendation"], "value": choice["id"]},
    ]
    assert tenant.api("PUT", path, json=wish).status_code == 204
    content = tenant.api("GET", path).json()["content"]
    assert [item["valueLabel"] for item in content] == ["82", choice["label"]]
    assert tenant.api("PUT", path, json=[{"id": ids["Assessment score"]}]).status_code == 204
    assert len(tenant.api("GET", path).json()["content"]) == 1
    refusals = [
        ([{"id": ids["Assessment score"], "value": "high"}], (400, "VALUE_NOT_FOUND")),
        ([{"id": ids["Assessment link"], "value": 3}], (400, "INVALID_TEXT_FORMAT")),
        ([wish[0], wish[0]], (400, "DUPLICATE_PROPERTIES")),
        ([{"id": "x", "value": 1}], (404, "PROPERTY_NOT_FOUND")),
        ([], (400, "INVALID_REQUEST_BODY")),
    ]
    for wrong, expected in refusals:
        assert code(tenant.api("PUT", path, json=wrong)) == expected
