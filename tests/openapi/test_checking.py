"""The check of requests and answers against the published OpenAPI notices what is wrong."""

import json
from typing import Any

import pytest

from tests.openapi.checking import SHAPES, Traffic, operations, problems

CANDIDATE = "b6a3c0a4-8f39-4f0b-8a93-5a9b1c2d3e4f"
JOB = {"id": "7f0d1c1e-2f52-4a5e-9d3a-0b6f6a1f9c11"}
ERROR = {"json": {"message": "", "errors": [{"code": "SOME_CODE"}]}}
SCOPE_ERROR = {"json": {"message": "", "errors": [{"code": "OAuthPermissionsException"}]}}


def exchange(method: str, path: str, status: int, answered: Any, **more: Any) -> dict[str, Any]:
    return {
        "method": method,
        "path": path,
        "query": {},
        "agent": "eqsr",
        "sent": None,
        "status": status,
        "answered": answered,
        "faulty": False,
        "answers": "documented",
    } | more


def test_all_forty_operations_and_their_shapes_are_there():
    assert len(operations()) == len(SHAPES["operations"]) == 40
    named = {shape for _, one in operations() for shape in one.responses.values() if shape}
    assert named <= set(SHAPES["$defs"])


NOTE = {"content": "Hello", "shareWith": {"openNote": True}}
HOOK = {"callbackUrl": "https://example.org/h", "events": ["job.created"]}
GOOD = [
    exchange("GET", "/jobs", 200, {"json": {"content": [JOB]}}, query={"sort": ["job_id"]}),
    exchange("GET", "/messages", 200, {"json": []}, query={"candidateId": [CANDIDATE]}),
    exchange("POST", "/messages/shares", 201, {"json": {"id": "n"}}, sent={"json": NOTE}),
    exchange("POST", "/messages/shares", 403, SCOPE_ERROR, sent={"json": NOTE}),
    exchange("GET", "/jobs", 429, ERROR),
    exchange("GET", "/jobs", 401, ERROR),
    exchange("DELETE", "/candidates/attachments/a", 204, None),
    exchange("GET", "/nothing", 404, ERROR, agent="somebody else"),
    exchange("GET", "/jobs", 422, ERROR, agent="somebody else", query={"colour": ["red"]}),
    exchange("GET", "/jobs", 503, ERROR, faulty=True),
    exchange("GET", "/messages", 200, {"json": {"content": []}}, answers="assumed")
    | {"query": {"candidateId": [CANDIDATE]}},
]
BAD = [
    (exchange("GET", "/jobs", 200, {"json": []}), "Jobs $: [] is not of type 'object'"),
    (exchange("GET", "/jobs", 200, None), "there is no JSON"),
    (exchange("GET", "/jobs", 200, {"type": "text/html"}), "there is no JSON"),
    (exchange("GET", "/jobs", 500, ERROR), "the status is not one of"),
    (exchange("GET", "/jobs", 403, ERROR), "the status is not one of"),
    (exchange("GET", "/jobs", 400, {"json": {"message": ""}}), "'errors' is a required"),
    (exchange("GET", "/jobs/x", 200, {"json": {"id": "x"}}), "'x' is not a 'uuid'"),
    (exchange("GET", "/jobs/x", 200, {"json": JOB | {"createdOn": "today"}}), "date-time"),
    (exchange("GET", "/jobs/x", 200, {"json": JOB | {"title": None}}), "None is not of type"),
    (exchange("DELETE", "/candidates/attachments/a", 204, ERROR), "there is a body"),
    (exchange("GET", "/jobs", 200, {"json": {}}, query={"colour": ["red"]}), "['colour'] is"),
    (exchange("GET", "/messages", 200, {"json": []}), "['candidateId'] is missing"),
    (exchange("GET", "/nothing", 404, ERROR), "is not documented"),
    (exchange("POST", "/jobs", 405, ERROR), "is not documented"),
    (exchange("POST", "/messages/shares", 400, ERROR), "there is no body"),
    (
        exchange("POST", "/messages/shares", 400, ERROR, sent={"json": {"content": ""}}),
        "'' should be non-empty",
    ),
    (
        exchange("POST", "/webhooks-api/v201907/subscriptions", 422, ERROR)
        | {"sent": {"json": HOOK | {"callbackUrl": "http://example.org"}}},
        "does not match '^https://'",
    ),
    (
        exchange("POST", "/webhooks-api/v201907/subscriptions", 422, ERROR)
        | {"sent": {"json": HOOK | {"alertingEmailAddress": "nobody"}}},
        "is not a 'email'",
    ),
    (exchange("GET", "/jobs", 200, {"json": []}, sent={"json": 1}, faulty=True), "there is a body"),
    (
        exchange("POST", "/identity/oauth/token", 401, ERROR, sent={"form": {}}, faulty=True),
        "incomplete",
    ),
    (
        exchange("POST", "/candidates/a/jobs/b/attachments", 201, None, faulty=True)
        | {"sent": {"form": {"attachmentType": "GENERIC_FILE"}}},
        "is missing",
    ),
]


@pytest.mark.parametrize("good", GOOD)
def test_what_is_documented_passes(good):
    assert problems(good) == []


@pytest.mark.parametrize(("bad", "said"), BAD)
def test_what_is_not_documented_is_named(bad, said):
    [found] = problems(bad)
    assert found.startswith(f"{bad['method']} {bad['path']}")
    assert said in found


def test_the_traffic_is_read_on_from_where_it_was_read_to(tmp_path):
    record = tmp_path / "traffic"
    good, bad = (json.dumps(one).encode() for one in (GOOD[0], BAD[0][0]))
    record.write_bytes(good + b"\n" + bad[:20])
    traffic = Traffic(record)
    traffic.check()
    with record.open("ab") as file:
        file.write(bad[20:] + b"\n" + bad + b"\n")
    with pytest.raises(AssertionError) as found:
        traffic.check()
    assert str(found.value).count("GET /jobs answered 200") == 1
    traffic.check()
