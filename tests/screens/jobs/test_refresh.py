"""The Connect dialog reads jobs and stages again, and says how old they are when it can't."""

import re
from datetime import timedelta

import pytest

from eqsr.connections import clients
from eqsr.connections.models import ConnectionState
from eqsr.core.clock import now
from tests.page_text import text_of
from tests.screens.jobs.dialog import found, options, radios
from tests.world import csrf_token


@pytest.fixture
def refresh(desk):
    job_id = desk.creates()
    return lambda htmx=True, **form: desk.post(f"/jobs/{job_id}/connect/refresh", htmx=htmx, **form)


def test_the_dialog_asks_for_it_as_soon_as_it_is_open(desk):
    page = desk.get(f"/jobs/{desk.creates()}/connect", htmx=True).text
    form = re.search(r'<form id="connect-refresh".*?</form>', page, re.DOTALL).group(0)
    assert 'hx-trigger="load, submit"' in form and 'hx-target="#connect-fresh"' in form
    assert "Reading jobs and stages from SmartRecruiters" in page
    assert re.search(r'<button[^>]*form="connect-refresh"[^>]*>\s*Refresh', page)


def test_a_job_and_a_stage_that_nobody_told_us_of_are_there_at_once(desk, refresh):
    job_id = desk.creates()
    desk.customer.set_connection(refreshed_at=now() - timedelta(hours=1))
    desk.customer.opens("Missed job")
    (process,) = desk.customer.processes()
    desk.customer.changes_process(process["id"], subStatuses={"INTERVIEW": ["Trial day"]})
    answer = refresh()
    assert answer.headers["HX-Trigger"] == "mirrorChanged"
    assert "Read from SmartRecruiters: just now" in text_of(answer)
    assert radios(found(desk, job_id, "missed").text) == ["Missed job"]
    ats_job = desk.ats_job("Missed job").id
    shown = desk.get(f"/jobs/{job_id}/connect/stages?ats_job={ats_job}", htmx=True)
    assert "Interview: Trial day" in options(shown.text)
    assert "In review: Assessment" not in options(shown.text)


def test_where_nothing_changed_no_list_is_asked_for_again(desk, refresh):
    assert "HX-Trigger" not in refresh().headers


def test_pressing_again_and_again_asks_once(desk, refresh):
    asked = len(desk.customer.box.get("requests?path=/configuration/hiring-processes"))
    for _press in range(5):
        assert refresh().status_code == 200
    now_asked = len(desk.customer.box.get("requests?path=/configuration/hiring-processes"))
    assert now_asked - asked == 1


@pytest.mark.parametrize("kind", ["401", "403", "404", "429", "500", "503", "garbage", "cut"])
@pytest.mark.parametrize("path", ["/jobs", "/configuration/*"])
def test_when_smartrecruiters_fails_it_says_how_old_the_lists_are(desk, refresh, kind, path):
    desk.customer.set_connection(refreshed_at=now() - timedelta(hours=3))
    desk.customer.set_connection(jobs_synced_at=now() - timedelta(hours=5))
    desk.customer.fails(kind, path)
    answer = refresh()
    assert answer.status_code == 200
    assert "What you see was read from SmartRecruiters 3 hours ago." in text_of(answer)
    assert "Java Developer" in radios(found(desk, desk.creates(), "").text)


def test_a_smartrecruiters_that_hangs_holds_the_page_for_seconds_only(desk, refresh, monkeypatch):
    monkeypatch.setattr(clients, "PAGE_TIMEOUTS", 0.5)
    desk.customer.fails("slow", "/configuration/*", delay_seconds=30)
    before = now()
    assert "What you see was read" in text_of(refresh())
    assert now() - before < timedelta(seconds=20)


def test_a_lost_scope_met_here_is_looked_into(desk, refresh, work):
    desk.customer.may("jobs_read", "candidates_read", "webhooks_manage")
    refresh()
    work("check_health")
    with desk.app.app_context():
        assert desk.customer.connection().state is ConnectionState.NEEDS_ATTENTION


def test_without_scripts_the_page_comes_back_with_what_is_new(desk, refresh):
    desk.customer.opens("Missed job")
    page = refresh(htmx=False)
    assert page.status_code == 200 and "Missed job" in radios(page.text)
    assert "Read from SmartRecruiters: just now" in text_of(page)


def test_opening_the_page_without_scripts_reads_again(desk):
    desk.customer.opens("Missed job")
    assert "Missed job" in radios(desk.get(f"/jobs/{desk.creates()}/connect").text)


def test_it_is_for_those_who_see_the_job(desk):
    job_id = desk.creates()
    charlie = desk.world.log_in(desk.world.charlie)
    token = csrf_token(charlie)
    answer = charlie.post(f"/jobs/{job_id}/connect/refresh", data={"csrf_token": token})
    assert answer.status_code == 404


def test_lists_that_ask_again_keep_what_is_chosen(desk):
    job_id = desk.creates()
    nurse, stage = desk.ats_job("Nurse").id, desk.stage("INTERVIEW: On-site").id
    jobs = desk.get(f"/jobs/{job_id}/connect/jobs?q=java&ats_job={nurse}", htmx=True).text
    assert radios(jobs) == ["Nurse", "Java Developer"]
    assert re.search(rf'value="{nurse}"[^>]* checked', jobs)
    assert "hx-swap-oob" not in jobs
    path = f"/jobs/{job_id}/connect/stages?again=1&ats_job={nurse}&stage={stage}"
    assert re.search(rf'value="{stage}" selected', desk.get(path, htmx=True).text)
    assert desk.get(f"/jobs/{job_id}/connect/stages?again=1", htmx=True).text == ""


def test_a_second_stage_starts_at_the_job_that_is_connected(desk):
    job_id = desk.creates()
    desk.connects(job_id, "Nurse", "INTERVIEW: On-site")
    page = desk.get(f"/jobs/{job_id}/connect", htmx=True).text
    assert radios(page) == ["Nurse"]
    assert re.search(rf'value="{desk.ats_job("Nurse").id}"[^>]* checked', page)
    assert "In review: Assessment" in options(page)
    assert not re.search(r'id="stage-[^"]+" value="[^"]+" selected', page)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "ats_job"),
        ({"ats_job": "Nurse"}, "stage"),
        ({"ats_job": "Nurse", "stage": "NEW", "grace": "-1"}, "grace"),
        ({"ats_job": "Nurse", "stage": "NEW", "assessment": "none"}, "assessment"),
        ({"ats_job": "Nurse", "stage": "NEW", "present": "all"}, "present"),
        ({"ats_job": "Nurse", "stage": "NEW", "present": "recent", "days": "x"}, "present"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_an_error_stands_at_its_field(desk, form, field, htmx):
    job_id = desk.creates()
    if "ats_job" in form:
        form = form | {"ats_job": str(desk.ats_job(form["ats_job"]).id)}
    if "stage" in form:
        form = form | {"stage": str(desk.stage(form["stage"]).id)}
    answer = desk.post(f"/jobs/{job_id}/connect", htmx=htmx, **form)
    assert answer.status_code == 422
    if htmx:
        assert answer.headers["HX-Retarget"] == f"#problem-{field}"
        page = desk.get(f"/jobs/{job_id}/connect", htmx=True).text
        assert f'id="problem-{field}"' in page
    else:
        slot = re.search(rf'id="problem-{field}"[^>]*>(.*?)</div>', answer.text, re.DOTALL)
        assert 'role="alert"' in slot.group(1)
        assert answer.text.count('role="alert"') == 1


def test_what_happens_now_is_said_where_the_old_words_stood(desk):
    job_id = desk.creates()
    answer = desk.connects(job_id, "Nurse", "INTERVIEW: On-site", htmx=True)
    said = re.search(r'<div class="flashes" id="flashes".*', answer.text, re.DOTALL).group(0)
    assert 'hx-swap-oob="true"' in said
    assert "The job is connected. Candidates moved to “Interview: On-site” from now on" in said
    with desk.app.app_context():
        link = str(desk.links(job_id)[0].id)
    ids = {"ats_job": str(desk.ats_job("Nurse").id), "stage": str(desk.stage("NEW").id)}
    answer = desk.post(f"/jobs/{job_id}/connect", htmx=True, link=link, grace="5", **ids)
    assert "The change is saved. Candidates moved to “New” from now on" in text_of(answer)
    assert "5 minutes after the move" in text_of(answer)
