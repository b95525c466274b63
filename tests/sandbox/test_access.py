"""Tokens, API keys, scopes, roles and tenants."""

import uuid

import pytest
import requests

from tests.sandbox.drive import Sandbox, Tenant, start_sandbox, token_for

RATE_HEADERS = (
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Concurrent-Limit",
    "X-RateLimit-Concurrent-Remaining",
)


def ask_token(sandbox: Sandbox, **form: str) -> requests.Response:
    return requests.post(f"{sandbox.url}/identity/oauth/token", data=form, timeout=10)


def test_token(tenant: Tenant) -> None:
    credential = tenant.credential()
    answer = ask_token(
        tenant.sandbox,
        grant_type="client_credentials",
        client_id=credential["clientId"],
        client_secret=credential["clientSecret"],
    )
    body = answer.json()
    assert answer.status_code == 200
    assert body["token_type"] == "bearer"
    assert body["expires_in"] == 1799
    assert all(name in answer.headers for name in RATE_HEADERS)


def test_a_bad_client_is_refused(tenant: Tenant) -> None:
    credential = tenant.credential()
    for secret, client_id in (("wrong", credential["clientId"]), ("x", "nobody")):
        answer = ask_token(
            tenant.sandbox,
            grant_type="client_credentials",
            client_id=client_id,
            client_secret=secret,
        )
        assert answer.status_code == 401
        assert answer.json()["error"] == "invalid_client"
    assert ask_token(tenant.sandbox, grant_type="password").status_code == 400


def test_a_token_lives_30_minutes(tenant: Tenant) -> None:
    token = tenant.new_token()
    tenant.sandbox.control("POST", "/clock", advance_seconds=1790)
    assert tenant.api("GET", "/jobs", token).status_code == 200
    tenant.sandbox.control("POST", "/clock", advance_seconds=11)
    assert tenant.api("GET", "/jobs", token).status_code == 401


def test_an_api_key_works_and_is_revoked(tenant: Tenant) -> None:
    key = tenant.credential(kind="api_key")
    headers = {"X-SmartToken": key["clientSecret"]}
    url = f"{tenant.sandbox.url}/configuration/company"
    answer = requests.get(url, headers=headers, timeout=10)
    assert answer.json() == {"name": "Test Company", "identifier": tenant.id}
    tenant.control("DELETE", f"/credentials/{key['id']}")
    assert requests.get(url, headers=headers, timeout=10).status_code == 401


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nope"}, {"X-SmartToken": "x"}])
def test_no_valid_token(sandbox: Sandbox, headers: dict[str, str]) -> None:
    answer = requests.get(f"{sandbox.url}/jobs", headers=headers, timeout=10)
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["code"] == "UNAUTHORIZED"
    assert all(name in answer.headers for name in RATE_HEADERS)


def test_a_missing_scope_is_named(tenant: Tenant) -> None:
    token = tenant.new_token(["candidates_read"])
    assert tenant.api("GET", "/candidates", token).status_code == 200
    answer = tenant.api("GET", "/jobs", token)
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["code"] == "OAuthPermissionsException"
    assert "jobs_read" in answer.json()["message"]


def test_a_scope_taken_away_counts_at_once(tenant: Tenant) -> None:
    credential = tenant.credential()
    token = token_for(tenant.sandbox, credential)
    assert tenant.api("GET", "/jobs", token).status_code == 200
    tenant.control("POST", f"/credentials/{credential['id']}", scopes=["candidates_read"])
    assert tenant.api("GET", "/jobs", token).status_code == 403


def test_a_weak_role_may_not_manage_webhooks_or_list_notes(tenant: Tenant) -> None:
    token = tenant.new_token("all", role="Standard")
    wish = {"callbackUrl": "https://example.org/hook", "events": ["job.created"]}
    refused = tenant.api("POST", "/webhooks-api/v201907/subscriptions", token, json=wish)
    assert refused.status_code == 403
    assert refused.json()["errors"][0]["code"] == "NO_PERMISSION_TO_MANAGE_WEBHOOKS"
    assert tenant.api("GET", "/messages", token).status_code == 403


def test_companies_are_strictly_separate(sandbox: Sandbox) -> None:
    here, there = sandbox.company("Here"), sandbox.company("There")
    job_id = there.job("Secret job")
    candidate_id = there.candidate(job_id)
    application_id = there.control("GET", f"/candidates/{candidate_id}")["applications"][0][
        "applicationId"
    ]
    assert here.api("GET", "/jobs").json()["totalFound"] == 0
    assert here.api("GET", "/candidates").json()["totalFound"] == 0
    refusals = {
        f"/jobs/{job_id}": 401,
        f"/jobs/{uuid.uuid4()}": 401,
        f"/candidates/{candidate_id}": 401,
        f"/candidates/{candidate_id}/jobs/{job_id}": 404,
        f"/candidates/{candidate_id}/jobs/{job_id}/status/history": 404,
        f"/job-applications-api/v202112/job-applications/{application_id}": 404,
    }
    assert {path: here.api("GET", path).status_code for path in refusals} == refusals
    assert here.api("DELETE", f"/candidates/{candidate_id}").status_code == 404
    assert there.api("GET", f"/candidates/{candidate_id}").status_code == 200


def test_an_unknown_path_answers_json(tenant: Tenant) -> None:
    answer = tenant.api("GET", "/nothing/here")
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["code"] == "NOT_FOUND"
    assert all(name in answer.headers for name in RATE_HEADERS)


def test_chosen_ports_and_exit(unused_tcp_ports: tuple[int, int]) -> None:
    port, smtp_port = unused_tcp_ports
    found = start_sandbox("--port", str(port), "--smtp-port", str(smtp_port), "--no-limits")
    try:
        assert found.url == f"http://127.0.0.1:{port}"
        assert found.smtp_port == smtp_port
        assert found.control("GET", "/state")["limits"] is False
        names = [company["name"] for company in found.control("GET", "/companies")]
        assert names == ["Northwind Logistics", "Acme Foods"]
    finally:
        found.stop()
