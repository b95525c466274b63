"""What the calls about the company, its jobs and hiring processes send, and what they make of the
documented answer."""

from datetime import UTC, datetime

import pytest

from eqsr.smartrecruiters.types.jobs import Company, JobRecord
from eqsr.smartrecruiters.types.stages import STATUSES, HiringProcess, Stage
from tests.smartrecruiters.known import JOB


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
    assert client.job(JOB) == JobRecord(
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
    assert client.job(JOB) == JobRecord(JOB, "", None, None, None, None, None, None)


def test_a_hiring_process_that_does_not_say_whether_it_is_active_counts(server, client):
    untold = {"subStatuses": {"OFFERED": ["Offer sent"]}}
    body = {"totalFound": 2, "content": [untold, {**untold, "active": None}]}
    server.on("GET", "/configuration/hiring-processes", server.reply(200, body))
    assert [process.active for process in client.hiring_processes()] == [True, True]


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


def test_a_naive_time_can_not_be_asked_for(client):
    with pytest.raises(ValueError, match="timezone-aware"):
        client.jobs_page(updated_after=datetime(2026, 5, 1))
