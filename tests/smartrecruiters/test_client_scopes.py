"""Each scope is proved by a real call that changes nothing."""

import pytest

from eqsr.connections import scope_checks
from eqsr.smartrecruiters.errors.access import CredentialsRefused
from eqsr.smartrecruiters.errors.outages import Unavailable
from eqsr.smartrecruiters.messages import NONEXISTENT_ID
from eqsr.smartrecruiters.scope_checks import check_scope
from eqsr.smartrecruiters.scopes import SCOPES

HOOKS = "/webhooks-api/v201907/subscriptions"
CALLS = {
    "jobs_read": ("GET", "/jobs"),
    "configuration_read": ("GET", "/configuration/hiring-processes"),
    "candidates_read": ("GET", "/candidates"),
    "candidates_manage": ("POST", f"/candidates/{NONEXISTENT_ID}/tags"),
    "messages_write": ("POST", "/messages/shares"),
    "messages_manage": ("DELETE", f"/messages/shares/{NONEXISTENT_ID}"),
    "webhooks_manage": ("GET", HOOKS),
    "candidates_create": (
        "POST",
        f"/candidates/{NONEXISTENT_ID}/jobs/{NONEXISTENT_ID}/attachments",
    ),
    "messages_read": ("GET", "/messages"),
    "job_applications_read": (
        "GET",
        f"/job-applications-api/v202112/job-applications/{NONEXISTENT_ID}",
    ),
    "company_read": ("GET", "/configuration/company"),
}

NO_FILE = ("DELETE", f"/candidates/attachments/{NONEXISTENT_ID}")


def error_body(code):
    return {"message": "", "errors": [{"code": code, "message": ""}]}


@pytest.fixture
def granted(server):
    """A server that grants everything, answering as documented."""
    bodies = {
        "GET /jobs": server.reply(200, {"content": []}),
        "GET /configuration/hiring-processes": server.reply(200, {"content": []}),
        "GET /candidates": server.reply(200, {"content": []}),
        "POST /messages/shares": server.reply(400, error_body("INVALID_VISIBILITY_OPTIONS")),
        "GET /messages": server.reply(200, []),
        f"GET {HOOKS}": server.reply(200, []),
        "GET /configuration/company": server.reply(200, {"name": "Acme"}),
    }
    for method, path in CALLS.values():
        reply = bodies.get(f"{method} {path}", server.reply(404, error_body("NOT_FOUND")))
        server.on(method, path, reply)
    return server


def check_scopes(client):
    """Check every scope, each when it is asked for."""
    return (check_scope(client, scope) for scope in SCOPES)


def outcomes(client):
    return {check.scope.value: check.outcome for check in check_scopes(client)}


def test_every_scope_has_a_call_and_a_reason():
    assert [scope.value for scope in SCOPES] == list(CALLS)
    assert all(scope.reason.startswith("to ") for scope in SCOPES)
    assert [scope.value for scope in SCOPES if scope.needed] == [
        "jobs_read",
        "configuration_read",
        "candidates_read",
        "candidates_manage",
        "messages_write",
        "messages_manage",
        "webhooks_manage",
    ]


def test_all_granted(granted, client):
    assert set(outcomes(client).values()) == {"granted"}
    made = {(seen.method, seen.path) for seen in granted.seen} - {("POST", "/identity/oauth/token")}
    assert made == set(CALLS.values())


@pytest.mark.parametrize("scope", CALLS)
def test_403_is_a_missing_scope(granted, client, scope):
    granted.on(*CALLS[scope], granted.reply(403, error_body("OAuthPermissionsException")))
    checks = {check.scope.value: check for check in check_scopes(client)}
    assert checks[scope].outcome == "missing"
    assert scope in checks[scope].sentence
    assert {check.outcome for value, check in checks.items() if value != scope} == {"granted"}


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("code", ["PERMISSION_DENIED", "NOT_AUTHORIZED_TO_ACCESS_RESOURCE", ""])
@pytest.mark.parametrize("scope", CALLS)
def test_only_the_scope_error_proves_that_a_scope_is_missing(granted, client, scope, status, code):
    granted.on(*CALLS[scope], granted.reply(status, error_body(code)))
    granted.on(*NO_FILE, granted.reply(status, error_body(code)))
    assert outcomes(client)[scope] == "unproved"


@pytest.mark.parametrize("status", [201, 400])
def test_tagging_nobody_proves_the_scope_as_documented(granted, client, status):
    body = {"tags": []} if status == 201 else error_body("CANDIDATE_NOT_FOUND")
    granted.on(*CALLS["candidates_manage"], granted.reply(status, body))
    assert outcomes(client)["candidates_manage"] == "granted"


def test_where_tagging_nobody_tells_nothing_a_file_that_is_not_there_does(granted, client):
    granted.on(*CALLS["candidates_manage"], granted.reply(403, error_body("PERMISSION_DENIED")))
    for status, code, outcome in (
        (404, "FILE_NOT_FOUND", "granted"),
        (403, "OAuthPermissionsException", "missing"),
        (403, "PERMISSION_DENIED", "unproved"),
    ):
        granted.on(*NO_FILE, granted.reply(status, error_body(code)))
        assert outcomes(client)["candidates_manage"] == outcome


@pytest.mark.parametrize("notes", [[], {"content": []}, [{"content": "one"}]])
def test_a_list_of_notes_of_either_shape_proves_its_scope(granted, client, notes):
    granted.on("GET", "/messages", granted.reply(200, notes))
    assert outcomes(client)["messages_read"] == "granted"


def test_a_check_that_failed_once_and_then_told_counts_as_what_it_told(granted, client):
    [scope] = [scope for scope in SCOPES if scope.value == "candidates_manage"]
    for told, outcome in (
        (granted.reply(403, error_body("OAuthPermissionsException")), "missing"),
        (granted.reply(400), "granted"),
        (granted.reply(403), "unproved"),
    ):
        granted.on(*CALLS[scope.value], granted.reply(503), told)
        granted.on(*NO_FILE, granted.reply(403))
        assert scope_checks.prove_scope(client, scope).outcome == outcome


def test_a_check_that_always_fails_is_unproved_while_smartrecruiters_answers(granted, client):
    [scope] = [scope for scope in SCOPES if scope.value == "candidates_manage"]
    granted.on(*CALLS[scope.value], granted.reply(500))
    assert scope_checks.prove_scope(client, scope).outcome == "unproved"
    granted.on("GET", "/configuration/company", granted.reply(503))
    with pytest.raises(Unavailable):
        scope_checks.prove_scope(client, scope)


@pytest.mark.parametrize("code", ["NO_ACCESS_TO_CANDIDATE", "NO_ACCESS_TO_JOB"])
def test_out_of_reach_is_found_out_behind_the_scope(granted, client, code):
    granted.on(*CALLS["candidates_create"], granted.reply(403, error_body(code)))
    assert outcomes(client)["candidates_create"] == "granted"


@pytest.mark.parametrize("status", [400, 404, 409, 415, 422])
@pytest.mark.parametrize("scope", ["candidates_manage", "messages_write", "messages_manage"])
def test_a_call_that_was_looked_into_proves_the_scope(granted, client, status, scope):
    granted.on(*CALLS[scope], granted.reply(status))
    assert outcomes(client)[scope] == "granted"


@pytest.mark.parametrize("status", [429, 500, 503, 302])
def test_trouble_proves_nothing_and_the_rest_goes_on(granted, client, status):
    granted.on(*CALLS["jobs_read"], granted.reply(status))
    checks = {check.scope.value: check for check in check_scopes(client)}
    assert checks["jobs_read"].outcome == "unproved"
    assert checks["jobs_read"].sentence.endswith(".")
    assert checks["company_read"].outcome == "granted"


def test_the_proving_note_is_wrong_in_three_ways(granted, client):
    outcomes(client)
    (seen,) = granted.calls("/messages/shares")
    share = seen.json["shareWith"]
    assert share["everyone"]
    assert share["openNote"]
    assert share["hiringTeamOf"] == [NONEXISTENT_ID]
    assert NONEXISTENT_ID in seen.json["content"]


def test_a_proving_note_that_is_taken_all_the_same_is_deleted(granted, client):
    granted.on("POST", "/messages/shares", granted.reply(201, {"id": "oops"}))
    granted.on("DELETE", "/messages/shares/oops", granted.reply(204))
    assert outcomes(client)["messages_write"] == "granted"
    assert len(granted.calls("/messages/shares/oops")) == 1


def test_checks_come_one_by_one(granted, client):
    checks = check_scopes(client)
    assert next(checks).scope.value == "jobs_read"
    assert not granted.calls("/candidates")


def test_a_refused_credential_stops_the_checks(server, client):
    server.on("POST", "/identity/oauth/token", server.reply(401))
    with pytest.raises(CredentialsRefused):
        next(check_scopes(client))
