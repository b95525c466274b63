"""Rate limits, faults of the API and of deliveries, the clock's skew, and the request log."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.sandbox.drive import Receiver, Sandbox, Tenant, eventually, subscribe


def usage(tenant: Tenant, endpoint: str) -> dict[str, Any]:
    report = tenant.sandbox.control("GET", "/limits")
    (found,) = [
        each for each in report if each["endpoint"] == endpoint and each["company"] == tenant.id
    ]
    return found


def fault(sandbox: Sandbox, kind: str, **more: Any) -> dict[str, Any]:
    return sandbox.control("POST", "/faults", kind=kind, **more)


def until_refused(tenant: Tenant, path: str, token: str) -> list[requests.Response]:
    """Ask one after another until the limit strikes; on a busy machine that takes a while."""
    answers: list[requests.Response] = []
    deadline = time.monotonic() + 60
    while not answers or answers[-1].status_code == 200:
        assert time.monotonic() < deadline, "the limit never struck"
        answers.append(tenant.api("GET", path, token))
    return answers


def test_the_eleventh_in_a_second_is_refused(tenant: Tenant) -> None:
    answers = until_refused(tenant, "/configuration/company", tenant.new_token())
    assert len(answers) >= 11
    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert answers[-1].status_code == 429
    assert answers[0].headers["X-RateLimit-Remaining"] == "9"
    assert answers[-2].headers["X-RateLimit-Remaining"] == "0"
    assert answers[-1].headers["X-RateLimit-Remaining"] == "0"
    assert answers[-1].headers["X-RateLimit-Limit"] == "10"
    assert answers[-1].json()["errors"][0]["code"] == "TOO_MANY_REQUESTS"
    assert tenant.api("GET", "/jobs").status_code == 200, "another endpoint has its own count"
    found = usage(tenant, "GET /configuration/company")
    assert (found["requests"], found["refused"], found["highestRate"]) == (len(answers), 1, 11)
    eventually(lambda: tenant.api("GET", "/configuration/company").status_code == 200)


def test_another_credential_has_its_own_count(tenant: Tenant) -> None:
    one, two = tenant.new_token(), tenant.new_token()
    assert until_refused(tenant, "/jobs", one)[-1].status_code == 429
    assert tenant.api("GET", "/jobs", two).status_code == 200


def test_limits_can_be_off_and_still_count(tenant: Tenant) -> None:
    tenant.sandbox.control("POST", "/settings", limits=False)
    asked = 0

    def faster_than_allowed() -> bool:
        """On a busy machine it takes a while to be."""
        nonlocal asked
        assert [tenant.api("GET", "/jobs").status_code for _ in range(20)] == [200] * 20
        asked += 20
        return usage(tenant, "GET /jobs")["highestRate"] > 10

    eventually(faster_than_allowed)
    found = usage(tenant, "GET /jobs")
    assert (found["requests"], found["refused"]) == (asked, 0)


@pytest.mark.parametrize(("path", "allowed"), [("/candidates", 1), ("/jobs", 8)])
def test_concurrency(tenant: Tenant, path: str, allowed: int) -> None:
    fault(tenant.sandbox, "slow", match={"path": path}, delay_seconds=120)
    token = tenant.new_token()

    def refused() -> int:
        report = tenant.sandbox.control("GET", "/limits")
        return sum(each["refused"] for each in report if each["company"] == tenant.id)

    with ThreadPoolExecutor(10) as pool:
        calls = [pool.submit(tenant.api, "GET", path, token) for _ in range(10)]
        eventually(lambda: refused() == 10 - allowed)
        tenant.sandbox.control("DELETE", "/faults")  # the others are answered now
    statuses = sorted(call.result().status_code for call in calls)
    assert statuses == [200] * allowed + [429] * (10 - allowed)
    assert usage(tenant, f"GET {path}")["highestConcurrency"] == allowed + 1
    eventually(lambda: tenant.api("GET", path, token).status_code == 200)


@pytest.mark.parametrize("kind", [401, 403, 404, 429, 500, 503])
def test_status_faults(tenant: Tenant, kind: int) -> None:
    fault(tenant.sandbox, str(kind), match={"method": "GET", "path": "/jobs*"}, times=2)
    job_id = tenant.job()
    statuses = [tenant.api("GET", path).status_code for path in ("/jobs", f"/jobs/{job_id}")]
    assert statuses == [kind, kind]
    assert tenant.api("GET", "/jobs").status_code == 200
    assert tenant.sandbox.control("GET", "/faults")[0]["hits"] == 2


def test_a_fault_of_one_company_spares_the_others(sandbox: Sandbox) -> None:
    here, there = sandbox.company("Here"), sandbox.company("There")
    fault(sandbox, "503", match={"company": here.id})
    assert here.api("GET", "/jobs").status_code == 503
    assert there.api("GET", "/jobs").status_code == 200


def test_the_token_endpoint_can_fail_too(tenant: Tenant) -> None:
    fault(tenant.sandbox, "500", match={"path": "/identity/*"}, times=1)
    answer = requests.post(f"{tenant.sandbox.url}/identity/oauth/token", data={}, timeout=10)
    assert answer.status_code == 500


@pytest.mark.parametrize("kind", ["cut", "reset"])
def test_a_cut_answer_comes_after_the_write(tenant: Tenant, kind: str) -> None:
    candidate_id = tenant.candidate(tenant.job())
    path = f"/candidates/{candidate_id}/tags"
    tenant.api("GET", path)
    fault(tenant.sandbox, kind, match={"method": "POST"}, times=1)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        tenant.api("POST", path, json={"tags": ["invited"]})
    assert tenant.api("GET", path).json() == {"tags": ["invited"]}


def test_a_cut_answer_before_the_write(tenant: Tenant) -> None:
    candidate_id = tenant.candidate(tenant.job())
    path = f"/candidates/{candidate_id}/tags"
    tenant.api("GET", path)
    fault(tenant.sandbox, "cut", match={"method": "POST"}, times=1, when="before")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        tenant.api("POST", path, json={"tags": ["invited"]})
    assert tenant.api("GET", path).json() == {"tags": []}


def test_garbage_and_slow(tenant: Tenant) -> None:
    fault(tenant.sandbox, "garbage", match={"path": "/jobs"}, times=1)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        tenant.api("GET", "/jobs").json()
    fault(tenant.sandbox, "slow", match={"path": "/jobs"}, delay_seconds=5)
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(
            f"{tenant.sandbox.url}/jobs",
            headers={"Authorization": f"Bearer {tenant.token}"},
            timeout=0.3,
        )


def test_chance_is_repeatable(tenant: Tenant) -> None:
    tenant.sandbox.control("POST", "/settings", limits=False)

    def run() -> list[int]:
        tenant.sandbox.control("POST", "/reset", seed="empty", random_seed=42)
        here = tenant.sandbox.company()
        token = here.new_token()
        fault(tenant.sandbox, "500", match={"path": "/jobs"}, probability=0.5)
        return [here.api("GET", "/jobs", token).status_code for _ in range(30)]

    first = run()
    assert first == run()
    assert {200, 500} == set(first)


def test_a_fault_that_makes_no_sense(sandbox: Sandbox) -> None:
    for wrong in (
        {"kind": "earthquake"},
        {"kind": "500", "match": {"planet": "Mars"}},
        {"kind": "500", "times": "often"},
        {"kind": "500", "match": "everything"},
    ):
        sandbox.control("POST", "/faults", 400, **wrong)
    sandbox.control("DELETE", "/faults/999", 404)


def test_dropped_and_doubled_deliveries(tenant: Tenant, receiver: Receiver) -> None:
    subscribe(tenant, receiver)
    fault(tenant.sandbox, "drop", match={"event": "job.created"}, times=1)
    tenant.job("Never heard of")
    assert tenant.sandbox.control("GET", "/deliveries/summary")["dropped"] == 1
    fault(tenant.sandbox, "duplicate", times=1)
    tenant.job("Heard twice")
    received = receiver.wait_for(2)
    assert len({each.headers["event-id"] for each in received}) == 1


def test_reordered_deliveries(tenant: Tenant, receiver: Receiver) -> None:
    subscribe(tenant, receiver, ["job.created"])
    fault(tenant.sandbox, "reorder", times=1, delay_seconds=3600)
    first = tenant.job("First")
    second = tenant.job("Second")
    received = receiver.wait_for(1)
    assert second.encode() in received[0].body
    tenant.sandbox.control("POST", "/clock", advance_seconds=3600)
    assert first.encode() in receiver.wait_for(2)[1].body


def test_unsigned_and_wrongly_signed_deliveries(tenant: Tenant, receiver: Receiver) -> None:
    subscribe(tenant, receiver, ["job.created"])
    fault(tenant.sandbox, "never_sign", times=1)
    tenant.job()
    assert "smartrecruiters-signature" not in receiver.wait_for(1)[0].headers
    fault(tenant.sandbox, "wrong_signature", times=1)
    tenant.job()
    wrong = receiver.wait_for(2)[1].headers["smartrecruiters-signature"]
    assert wrong.startswith("v1=")
    assert len(wrong) == len("v1=") + 64


def test_clock_skew(tenant: Tenant, receiver: Receiver) -> None:
    subscribe(tenant, receiver, ["job.created"])
    tenant.sandbox.control("POST", "/clock", skew_seconds=-900)
    before = time.time()
    tenant.job()
    stamp = int(receiver.wait_for(1)[0].headers["smartrecruiters-timestamp"])
    assert int(before) <= stamp + 900 <= time.time()


def test_the_request_log(tenant: Tenant) -> None:
    tenant.api("GET", "/jobs?limit=3")
    tenant.api("GET", "/jobs/unknown")
    log = tenant.sandbox.control("GET", f"/requests?company={tenant.id}&path=/jobs")
    assert [(each["path"], each["status"]) for each in log] == [
        ("/jobs", 200),
        ("/jobs/unknown", 401),
    ]
    assert log[0]["query"] == "limit=3"
    assert log[0]["ms"] >= 0
