"""The Connect dialog finds SmartRecruiters jobs, and what it says when it can not."""

import pytest

from tests.page_text import text_of
from tests.screens.jobs.dialog import NEVER, found, options, radios

pytestmark = pytest.mark.one_database


def test_the_dialog_offers_the_jobs_updated_last(desk):
    job_id = desk.creates()
    page = desk.get(f"/jobs/{job_id}/connect", htmx=True).get_data(as_text=True)
    assert page.lstrip().startswith("<dialog") and "<html" not in page
    assert sorted(radios(page)) == ["Java Developer", "Nurse"]
    assert 'id="stage"' not in page


@pytest.mark.parametrize("text", ["java", "REF914A", "ref914a java", "DEVELÓPER"])
def test_a_search_finds_by_title_and_reference(desk, text):
    job_id = desk.creates()
    answer = found(desk, job_id, text)
    assert radios(answer.get_data(as_text=True)) == ["Java Developer"]
    assert "1 job found" in text_of(answer) and "REF914A" in text_of(answer)


@pytest.mark.parametrize("text", ["%", "_", "zzz", "\\", "\x00\x00zzz", "<b>", "x" * 5000])
def test_no_result_is_said_in_plain_words(desk, text):
    job_id = desk.creates()
    answer = found(desk, job_id, text)
    assert answer.status_code == 200
    assert "No job matches" in text_of(answer) and "<b>" not in answer.get_data(as_text=True)


def test_an_id_or_an_address_finds_what_is_not_mirrored(desk):
    job_id = desk.creates()
    ats_id = desk.customer.opens("Brand new")
    assert radios(found(desk, job_id, "Brand new").text) == []
    for text in (ats_id, f"https://www.smartrecruiters.com/app/jobs/details/{ats_id}"):
        assert radios(found(desk, job_id, text).text) == ["Brand new"]
    assert radios(found(desk, job_id, "Brand new").text) == ["Brand new"]
    assert "No job matches" in text_of(found(desk, job_id, NEVER))


@pytest.mark.parametrize("kind", ["401", "403", "404", "429", "500", "503", "garbage", "cut"])
def test_when_smartrecruiters_fails_the_mirror_still_works(desk, kind):
    job_id = desk.creates()
    desk.customer.fails(kind, "/jobs/*")
    desk.customer.fails(kind, "/candidates")
    by_id = found(desk, job_id, NEVER)
    assert by_id.status_code == 200
    words = text_of(by_id)
    assert "No job matches" in words if kind in ("401", "404") else "SmartRecruiters" in words
    assert radios(found(desk, job_id, "java").text) == ["Java Developer"]
    ats_job = desk.ats_job("Java Developer").id
    stages = desk.get(f"/jobs/{job_id}/connect/stages?ats_job={ats_job}", htmx=True)
    assert "In review: Assessment" in options(stages.text)
    path = f"/jobs/{job_id}/connect/counts?ats_job={ats_job}"
    for tries in range(14):
        counts = desk.get(f"{path}&tries={tries}", htmx=True)
        assert counts.status_code == 200
        if "connect/counts" not in counts.text:
            break
    assert "In review: Assessment · ?" in options(counts.text)
    assert "does not tell at the moment" in text_of(counts)
    assert desk.connects(job_id, "Java Developer", "IN_REVIEW: Assessment").status_code == 303


def test_a_slow_smartrecruiters_is_not_waited_for_for_ever(desk, monkeypatch):
    monkeypatch.setattr("eqsr.connections.clients.PAGE_TIMEOUTS", 0.3)
    job_id = desk.creates()
    desk.customer.fails("slow", "/jobs/*", delay_seconds=2)
    assert "does not answer" in text_of(found(desk, job_id, NEVER))
