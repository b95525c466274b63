"""What each verb sends and what it makes of the documented answer."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from eqsr.smartrecruiters.errors import HandshakeFailed, NotFound, Refused
from eqsr.smartrecruiters.messages import candidate_mention, without_mentions
from eqsr.smartrecruiters.profile import file_name
from eqsr.smartrecruiters.types import (
    STATUSES,
    Application,
    AtsJob,
    Callback,
    Candidate,
    CandidateProperty,
    CandidateSummary,
    Company,
    HiringProcess,
    Note,
    Stage,
    StatusChange,
    Subscription,
)

JOB = "7f0d1c1e-2f52-4a5e-9d3a-0b6f6a1f9c11"
CANDIDATE = "b6a3c0a4-8f39-4f0b-8a93-5a9b1c2d3e4f"
APPLICATION = "0c9d8e7f-6a5b-4c3d-2e1f-0a9b8c7d6e5f"
SUBSCRIPTION = "3747566b-8f4f-4fdb-ae4e-4b977f040538"
ON_JOB = f"/candidates/{CANDIDATE}/jobs/{JOB}"
HOOKS = "/webhooks-api/v201907/subscriptions"
HOOK = f"{HOOKS}/{SUBSCRIPTION}"


def error_body(code):
    return {"message": "m", "errors": [{"code": code, "message": "m"}]}


def test_the_company(server, client):
    body = {"name": "Acme B.V.", "identifier": "AcmeCorp", "language": "en"}
    server.on("GET", "/configuration/company", server.reply(200, body))
    assert client.company() == Company("Acme B.V.", "AcmeCorp")


def test_a_job_in_full(server, client):
    body = {
        "id": JOB,
        "title": "Java <script>alert(1)</script>",
        "refNumber": "REF914A",
        "status": "SOURCING",
        "updatedOn": "2026-05-02T10:00:00.000+0200",
        "department": {"id": "13437", "label": "Development"},
        "location": {"city": "Amsterdam", "country": "Netherlands"},
        "jobAd": {"language": {"code": "nl"}},
        "somethingNew": [1, 2],
    }
    server.on("GET", f"/jobs/{JOB}", server.reply(200, body))
    assert client.job(JOB) == AtsJob(
        ats_id=JOB,
        title="Java <script>alert(1)</script>",
        ref_number="REF914A",
        status="SOURCING",
        city="Amsterdam",
        department="Development",
        language="nl",
        updated_on=datetime(2026, 5, 2, 8, tzinfo=UTC),
    )


def test_a_job_with_nothing_but_its_id(server, client):
    body = {"id": JOB, "refNumber": None, "location": None, "department": 7, "updatedOn": "soon"}
    server.on("GET", f"/jobs/{JOB}", server.reply(200, body))
    assert client.job(JOB) == AtsJob(JOB, "", None, None, None, None, None, None)


def test_hiring_processes_list_stages_in_pipeline_order(server, client):
    process = {
        "id": "58f9b0aa1c2d3e4f5a6b7c8d",
        "name": "Default Hiring Process",
        "active": True,
        "subStatuses": {
            "INTERVIEW": ["On-site"],
            "IN_REVIEW": ["Phone screen", "Assessment", "Assessment", None],
            "UNKNOWN": ["x"],
        },
    }
    bare = {"id": "2", "active": False, "subStatuses": None}
    body = {"totalFound": 2, "content": [process, bare]}
    server.on("GET", "/configuration/hiring-processes", server.reply(200, body))
    default, other = client.hiring_processes()
    assert default == HiringProcess(
        "58f9b0aa1c2d3e4f5a6b7c8d",
        "Default Hiring Process",
        True,
        (
            Stage("LEAD"),
            Stage("NEW"),
            Stage("IN_REVIEW"),
            Stage("IN_REVIEW", "Phone screen"),
            Stage("IN_REVIEW", "Assessment"),
            Stage("INTERVIEW"),
            Stage("INTERVIEW", "On-site"),
            Stage("OFFERED"),
            Stage("HIRED"),
            Stage("REJECTED"),
            Stage("WITHDRAWN"),
            Stage("TRANSFERRED"),
        ),
    )
    assert [stage.status for stage in other.stages] == list(STATUSES)
    assert not other.active


def test_stage_labels_are_for_people():
    assert Stage("IN_REVIEW").label == "In review"
    assert Stage("IN_REVIEW", "Phone screen").label == "In review: Phone screen"
    assert Stage("SOMETHING_NEW").label == "SOMETHING_NEW"


def test_candidate_list_filters_and_summary(server, client):
    item = {
        "id": CANDIDATE,
        "firstName": "Ada",
        "lastName": "Jansen",
        "updatedOn": "2026-05-02T08:00:00.000Z",
        "primaryAssignment": {"job": {"id": JOB}, "status": "IN_REVIEW", "subStatus": "Assessment"},
        "secondaryAssignments": [{"job": {"id": "other"}}],
    }
    server.on("GET", "/candidates", server.reply(200, {"totalFound": 1, "content": [item]}))
    after = datetime(2026, 5, 1, 10, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=2)))
    page = client.candidates_page(JOB, "IN_REVIEW", "Assessment", after, "p=2&x", "ada\ud800", 500)
    assert page.items == (
        CandidateSummary(
            CANDIDATE,
            "Ada",
            "Jansen",
            None,
            "IN_REVIEW",
            "Assessment",
            datetime(2026, 5, 2, 8, tzinfo=UTC),
            JOB,
        ),
    )
    assert (page.next_page_id, page.total) == (None, 1)
    assert server.calls("/candidates")[0].query == {
        "q": ["ada?"],
        "jobId": [JOB],
        "status": ["IN_REVIEW"],
        "subStatus": ["Assessment"],
        "updatedAfter": ["2026-05-01T08:00:00.999Z"],
        "pageId": ["p=2&x"],
        "limit": ["100"],
    }


def test_a_sub_status_alone_can_not_be_asked_for(client):
    with pytest.raises(ValueError, match="sub-status"):
        client.candidates_page(sub_status="Assessment")


def test_a_naive_time_can_not_be_asked_for(client):
    with pytest.raises(ValueError, match="timezone-aware"):
        client.jobs_page(updated_after=datetime(2026, 5, 1))


def test_a_candidate(server, client):
    body = {
        "id": CANDIDATE,
        "firstName": "Ada\x00",
        "lastName": "Jansen",
        "email": " ada@example.org ",
        "tags": ["java", "java", 3],
    }
    server.on("GET", f"/candidates/{CANDIDATE}", server.reply(200, body))
    assert client.candidate(CANDIDATE) == Candidate(
        CANDIDATE, "Ada", "Jansen", "ada@example.org", ("java",)
    )


def test_a_candidate_without_an_email_address(server, client):
    body = b'{"id": "%s", "firstName": null, "lastName": "\\ud800", "email": ""}'
    server.on("GET", f"/candidates/{CANDIDATE}", server.reply(200, body % CANDIDATE.encode()))
    assert client.candidate(CANDIDATE) == Candidate(CANDIDATE, "", "\ufffd", None, ())


def test_an_application_by_candidate_and_job(server, client):
    body = {"status": "IN_REVIEW", "subStatus": "Assessment", "applicationId": APPLICATION}
    server.on("GET", ON_JOB, server.reply(200, body), server.reply(200, {"status": "NEW"}))
    known = client.application(CANDIDATE, JOB)
    assert known == Application(CANDIDATE, JOB, APPLICATION, "IN_REVIEW", "Assessment")
    assert known.stage == Stage("IN_REVIEW", "Assessment")
    assert client.application(CANDIDATE, JOB) == Application(CANDIDATE, JOB, None, "NEW", None)


def test_an_application_by_its_own_id(server, client):
    body = {"status": "NEW", "subStatus": None, "profileId": CANDIDATE, "jobId": JOB}
    path = f"/job-applications-api/v202112/job-applications/{APPLICATION}"
    server.on("GET", path, server.reply(200, body))
    assert client.job_application(APPLICATION) == Application(
        CANDIDATE, JOB, APPLICATION, "NEW", None
    )


def change(second, status, sub_status=None):
    return {
        "changedOn": f"2026-05-01T08:00:{second:02}.000Z",
        "status": status,
        **({"subStatus": sub_status} if sub_status else {}),
        "actions": {},
    }


@pytest.mark.parametrize("backwards", [False, True])
def test_the_status_history_is_oldest_first_whatever_the_api_does(server, client, backwards):
    content = [
        change(1, "NEW"),
        change(2, "IN_REVIEW", "Assessment"),
        change(2, "IN_REVIEW", "Phone screen"),
        change(3, "INTERVIEW"),
    ]
    if backwards:
        content.reverse()
    path = f"{ON_JOB}/status/history"
    server.on("GET", path, server.reply(200, {"totalFound": 4, "content": content}))
    history = client.status_history(CANDIDATE, JOB)
    assert history[0] == StatusChange(datetime(2026, 5, 1, 8, 0, 1, tzinfo=UTC), "NEW", None)
    assert [(entry.status, entry.sub_status) for entry in history] == [
        ("NEW", None),
        ("IN_REVIEW", "Assessment"),
        ("IN_REVIEW", "Phone screen"),
        ("INTERVIEW", None),
    ]


def test_an_empty_status_history(server, client):
    server.on("GET", f"{ON_JOB}/status/history", server.reply(200, {"content": []}))
    assert client.status_history(CANDIDATE, JOB) == ()


def test_a_note_is_open_and_mails_nobody(server, client):
    reply = server.reply(201, {"id": "note-1", "shareRequired": False})
    server.on("POST", "/messages/shares", reply)
    text = f"Result for {candidate_mention(CANDIDATE)}: 82"
    assert client.add_note(text, CANDIDATE) == "note-1"
    client.add_note("Result: 82", CANDIDATE)
    given, without = (seen.json for seen in server.calls("/messages/shares"))
    assert given == {
        "content": f"Result for #[CANDIDATE:{CANDIDATE}]: 82",
        "shareWith": {"users": [], "hiringTeamOf": [], "everyone": False, "openNote": True},
    }
    assert without["content"] == f"#[CANDIDATE:{CANDIDATE}] Result: 82"


def test_a_name_can_not_mention_anybody():
    assert without_mentions("Ada @[USER:1] #[CANDIDATE:2]") == "Ada @ [USER:1] # [CANDIDATE:2]"


@pytest.mark.parametrize("status", [204, 404])
def test_deleting_what_is_gone_is_done(server, client, status):
    server.on("DELETE", "/messages/shares/note-1", server.reply(status))
    server.on("DELETE", "/candidates/attachments/file-1", server.reply(status))
    server.on("DELETE", HOOK, server.reply(status))
    client.delete_note("note-1")
    client.delete_attachment("file-1")
    client.delete_subscription(SUBSCRIPTION)
    assert [seen.method for seen in server.seen[1:]] == ["DELETE"] * 3


def test_the_notes_of_a_candidate(server, client):
    first = {"content": "one", "createdOn": "2026-05-01T08:00:00Z", "visibility": "OPEN"}
    server.on(
        "GET",
        "/messages",
        server.reply(200, {"content": [{**first, "authorId": "u1"}], "nextPageId": "p2"}),
        server.reply(200, {"content": [{}]}),
    )
    created = datetime(2026, 5, 1, 8, tzinfo=UTC)
    assert list(client.notes(CANDIDATE)) == [
        Note("one", created, "OPEN", "u1"),
        Note("", None, None, None),
    ]
    assert [seen.query for seen in server.calls("/messages")] == [
        {"candidateId": [CANDIDATE], "limit": ["100"]},
        {"candidateId": [CANDIDATE], "limit": ["100"], "pageId": ["p2"]},
    ]


def test_tags_are_added_or_replaced(server, client):
    path = f"/candidates/{CANDIDATE}/tags"
    server.on("POST", path, server.reply(200, {"tags": ["a", "b"]}))
    server.on("PUT", path, server.reply(204))
    client.add_tags(CANDIDATE, ["a", "b", "a"])
    client.replace_tags(CANDIDATE, [])
    assert [(seen.method, seen.json) for seen in server.calls(path)] == [
        ("POST", {"tags": ["a", "b"]}),
        ("PUT", {"tags": []}),
    ]


def test_property_definitions(server, client):
    content = [{"id": "score", "label": "Score", "type": "NUMBER"}, {"id": 12, "type": "TEXT"}]
    path = "/configuration/candidate-properties"
    server.on("GET", path, server.reply(200, {"totalFound": 2, "content": content}))
    assert client.candidate_properties() == (
        CandidateProperty("score", "Score", "NUMBER"),
        CandidateProperty("12", "12", "TEXT"),
    )


def test_properties_are_set_and_emptied(server, client):
    path = f"{ON_JOB}/properties"
    server.on("PUT", path, server.reply(204))
    client.set_properties(CANDIDATE, JOB, {"score": 82, "link": "x", "passed": False, "old": None})
    assert server.calls(path)[0].json == [
        {"id": "score", "value": 82},
        {"id": "link", "value": "x"},
        {"id": "passed", "value": False},
        {"id": "old"},
    ]


def test_no_property_is_no_call_and_many_are_several(server, client):
    path = f"{ON_JOB}/properties"
    server.on("PUT", path, server.reply(204))
    client.set_properties(CANDIDATE, JOB, {})
    assert not server.calls(path)
    client.set_properties(CANDIDATE, JOB, {f"p{number}": number for number in range(101)})
    assert [len(seen.json) for seen in server.calls(path)] == [100, 1]


def test_a_value_without_a_json_form_is_a_mistake_of_the_caller(client, server):
    with pytest.raises(ValueError, match="JSON"):
        client.set_properties(CANDIDATE, JOB, {"score": float("nan")})


def test_a_file_is_attached(server, client):
    path = f"{ON_JOB}/attachments"
    server.on("POST", path, server.reply(201, {"id": "file-1", "name": "r.pdf"}))
    name = 'Zoë "report"/2026\r\nX: y.pdf'
    assert client.attach(CANDIDATE, JOB, name, b"%PDF-1.7\x00\xff", "application/pdf") == "file-1"
    sent = server.calls(path)[0]
    assert sent.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="attachmentType"\r\n\r\nGENERIC_FILE\r\n' in sent.body
    assert 'name="file"; filename="Zoë _report_2026_X_ y.pdf"\r\n'.encode() in sent.body
    assert b"Content-Type: application/pdf\r\n\r\n%PDF-1.7\x00\xff\r\n" in sent.body


def test_the_files_of_an_application_are_listed(server, client):
    listed = [{"id": "file-1", "name": "r.pdf", "type": "GENERIC_FILE"}, {"id": "file-2"}]
    body = {"totalFound": 2, "content": listed}
    server.on("GET", f"{ON_JOB}/attachments", server.reply(200, body))
    found = [(one.ats_id, one.name) for one in client.attachments(CANDIDATE, JOB)]
    assert found == [("file-1", "r.pdf"), ("file-2", "")]


def test_a_file_survives_the_retry_after_401(server, client):
    path = f"{ON_JOB}/attachments"
    server.on("POST", path, server.reply(401), server.reply(201, {"id": "file-1"}))
    client.attach(CANDIDATE, JOB, "r.pdf", b"%PDF", "application/pdf")
    assert [b"%PDF" in seen.body for seen in server.calls(path)] == [True, True]


@pytest.mark.parametrize("name", ["", "..", "///", "\x00"])
def test_a_file_always_has_a_name(name):
    assert file_name(name).strip("._ ") or file_name(name) == "_"


def test_a_duplicate_file_is_refused_with_its_code(server, client):
    body = error_body("FILE_ALREADY_EXIST")
    server.on("POST", f"{ON_JOB}/attachments", server.reply(400, body))
    with pytest.raises(Refused) as caught:
        client.attach(CANDIDATE, JOB, "r.pdf", b"%PDF", "application/pdf")
    assert caught.value.codes == ("FILE_ALREADY_EXIST",)
    assert "already has this file" in caught.value.sentence


SUBSCRIBED = {
    "id": SUBSCRIPTION,
    "callbackUrl": "https://example.org/hook",
    "events": [{"name": "application.created", "version": "v201910"}, "job.created"],
    "status": "inactive",
}


def test_a_subscription_is_created(server, client):
    server.on("POST", HOOKS, server.reply(201, SUBSCRIBED))
    made = client.create_subscription(
        "https://example.org/hook", ("application.created", "job.created"), "ops@example.org"
    )
    assert made == Subscription(
        SUBSCRIPTION,
        "https://example.org/hook",
        ("application.created", "job.created"),
        "inactive",
    )
    assert not made.active
    client.create_subscription("https://example.org/hook", ["job.created"])
    first, second = (seen.json for seen in server.calls(HOOKS))
    assert first == {
        "callbackUrl": "https://example.org/hook",
        "events": ["application.created", "job.created"],
        "alertingEmailAddress": "ops@example.org",
    }
    assert "alertingEmailAddress" not in second


def test_a_subscription_is_read(server, client):
    server.on("GET", HOOK, server.reply(200, {**SUBSCRIBED, "status": "ACTIVE"}), server.reply(404))
    assert client.subscription(SUBSCRIPTION).active
    with pytest.raises(NotFound):
        client.subscription(SUBSCRIPTION)


@pytest.mark.parametrize("status", [204, 409])
def test_activating_what_is_active_is_done(server, client, status):
    server.on("PUT", f"{HOOK}/activation", server.reply(status, error_body("X")))
    client.activate(SUBSCRIPTION)
    assert server.calls(f"{HOOK}/activation")[0].body == b""


@pytest.mark.parametrize(("status", "kind"), [(424, HandshakeFailed), (422, Refused)])
def test_activation_that_fails(server, client, status, kind):
    server.on("PUT", f"{HOOK}/activation", server.reply(status))
    with pytest.raises(kind):
        client.activate(SUBSCRIPTION)


def test_secret_keys(server, client):
    path = f"{HOOK}/secret-key"
    server.on("POST", path, server.reply(201, {"secretKey": "key-2"}))
    server.on("GET", path, server.reply(200, {"secretKey": "key-2"}), server.reply(404))
    assert client.create_secret_key(SUBSCRIPTION) == "key-2"
    assert client.secret_key(SUBSCRIPTION) == "key-2"
    with pytest.raises(NotFound):
        client.secret_key(SUBSCRIPTION)


def test_the_callbacks_log(server, client):
    entry = {
        "status": "failed",
        "timestamp": "2026-05-01T08:00:00.123Z",
        "requestDetails": {
            "url": "https://example.org/hook",
            "body": '{"id":"x"} ',
            "headers": {"Event-Id": "e1", "X-Vendor-Token": "s3cret", "odd": 7},
        },
    }
    link = f'<{HOOK}/callbacks-log?limit=100&page_id=p%3D2>; rel="next"'
    path = f"{HOOK}/callbacks-log"
    server.on("GET", path, server.reply(200, [entry], Link=link), server.reply(200, []))
    after, before = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 2, tzinfo=UTC)
    (found,) = client.callbacks_log(SUBSCRIPTION, after, before, "failed")
    assert found == Callback(
        "failed",
        datetime(2026, 5, 1, 8, 0, 0, 123_000, tzinfo=UTC),
        "https://example.org/hook",
        '{"id":"x"} ',
        {"event-id": "e1", "x-vendor-token": "s3cret"},
    )
    assert "s3cret" not in repr(found)
    filters = {
        "after": ["2026-05-01T00:00:00.000Z"],
        "before": ["2026-05-02T00:00:00.000Z"],
        "callbackStatus": ["failed"],
        "limit": ["100"],
    }
    assert [seen.query for seen in server.calls(path)] == [
        filters,
        {**filters, "page_id": ["p=2"]},
    ]
