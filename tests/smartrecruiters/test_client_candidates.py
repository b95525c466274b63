"""What the calls about candidates and applications send, and what they make of the documented
answer."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from eqsr.smartrecruiters.types.candidates import (
    ApplicationRecord,
    CandidateRecord,
    CandidateSummary,
    StatusChange,
)
from eqsr.smartrecruiters.types.stages import Stage
from tests.smartrecruiters.known import APPLICATION, CANDIDATE, JOB, ON_JOB


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


def test_a_candidate(server, client):
    body = {
        "id": CANDIDATE,
        "firstName": "Ada\x00",
        "lastName": "Jansen",
        "email": " ada@example.org ",
        "tags": ["java", "java", 3],
        "location": {"country": "Netherlands", "countryCode": "nl"},
    }
    server.on("GET", f"/candidates/{CANDIDATE}", server.reply(200, body))
    assert client.candidate(CANDIDATE) == CandidateRecord(
        CANDIDATE, "Ada", "Jansen", "ada@example.org", ("java",), "NL"
    )


def test_a_candidate_without_an_email_address(server, client):
    body = b'{"id": "%s", "firstName": null, "lastName": "\\ud800", "email": ""}'
    server.on("GET", f"/candidates/{CANDIDATE}", server.reply(200, body % CANDIDATE.encode()))
    assert client.candidate(CANDIDATE) == CandidateRecord(CANDIDATE, "", "\ufffd", None, ())


@pytest.mark.parametrize("location", [None, "nl", {"countryCode": "NLD"}, {"countryCode": 7}])
def test_a_country_that_is_none_is_not_known(server, client, location):
    body = {"id": CANDIDATE, "location": location}
    server.on("GET", f"/candidates/{CANDIDATE}", server.reply(200, body))
    assert client.candidate(CANDIDATE).country is None


def test_an_application_by_candidate_and_job(server, client):
    body = {"status": "IN_REVIEW", "subStatus": "Assessment", "applicationId": APPLICATION}
    server.on("GET", ON_JOB, server.reply(200, body), server.reply(200, {"status": "NEW"}))
    known = client.application(CANDIDATE, JOB)
    assert known == ApplicationRecord(CANDIDATE, JOB, APPLICATION, "IN_REVIEW", "Assessment")
    assert known.stage == Stage("IN_REVIEW", "Assessment")
    assert client.application(CANDIDATE, JOB) == ApplicationRecord(
        CANDIDATE, JOB, None, "NEW", None
    )


def test_an_application_by_its_own_id(server, client):
    body = {"status": "NEW", "subStatus": None, "profileId": CANDIDATE, "jobId": JOB}
    path = f"/job-applications-api/v202112/job-applications/{APPLICATION}"
    server.on("GET", path, server.reply(200, body))
    assert client.job_application(APPLICATION) == ApplicationRecord(
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
