"""The overview, Create a Job, and a job's own page."""

import re

import pytest
from markupsafe import escape
from sqlalchemy import func, select

from eqsr.connections.models import AtsJob, HiringStage
from eqsr.core.db import db, transaction
from eqsr.invitations.models import InvitationState
from eqsr.jobs.models import Job, JobKind, JobState
from eqsr.screens.jobs.lists import JOBS_A_PAGE
from tests.page_text import text_of
from tests.screens.jobs.job_pages import DAY, form_id, invite, jobs, statement_count

AWKWARD = ["<script>alert(1)</script>", "مهندس \u202e برمجيات", "100% 'x' \"y\" & {{ 7*7 }}"]


def new_job(desk, **changes):
    page = desk.get("/jobs/new").get_data(as_text=True)
    form = {"id": form_id(page), "kind": "ats", "title": "Bakers", "assessment": "work-style"}
    return desk.post("/jobs/new", **(form | changes))


def test_an_empty_overview_teaches_and_says_that_smartrecruiters_is_missing(bare_desk):
    page = text_of(bare_desk.get("/jobs"))
    assert "No jobs yet" in page and "SmartRecruiters is not connected" in page
    assert page.count("Create a Job") == 1


def test_creating_a_job_leads_back_to_the_overview_with_connect(desk):
    answer = new_job(desk)
    assert (answer.status_code, answer.location) == (303, "/jobs")
    page = desk.get("/jobs").get_data(as_text=True)
    assert "The job was created" in page and "Bakers" in page and "Work style" in page
    assert re.search(r"<button[^>]*>Connect</button>", page)
    (job,) = jobs(desk)
    assert (job.state, job.kind, job.assessment) == (JobState.DRAFT, JobKind.ATS, "work-style")


def test_a_job_by_link_shows_its_link_to_share(desk):
    answer = new_job(desk, kind="link", title="Everybody")
    page = desk.get(answer.location).get_data(as_text=True)
    link = re.search(r'id="share-link" value="([^"]+)"', page).group(1)
    assert "/take/" in link and desk.browser.get(link).status_code == 200
    assert "Link to share" in page and "Connect</button>" not in page


def test_the_same_form_sent_twice_makes_one_job(desk):
    page = desk.get("/jobs/new").get_data(as_text=True)
    form = {"id": form_id(page), "kind": "ats", "title": "Once", "assessment": "work-style"}
    assert [desk.post("/jobs/new", **form).status_code for _ in range(2)] == [303, 303]
    assert len(jobs(desk)) == 1
    assert new_job(desk, title="Once").status_code == 303
    assert len(jobs(desk)) == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": "  \t "}, "Give the job a title."),
        ({"title": "x" * 201}, "A title can have at most 200 characters."),
        ({"kind": "telepathy"}, "Choose a type."),
        ({"kind": ""}, "Choose a type."),
        ({"assessment": "astrology"}, "Choose an assessment."),
    ],
)
def test_what_is_missing_is_said_beside_its_field(desk, changes, sentence):
    answer = new_job(desk, **changes)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert jobs(desk) == []


@pytest.mark.parametrize("garbage", ["", "x", "\x00", "0" * 5000])
def test_a_form_without_a_sound_id_still_makes_a_job(desk, garbage):
    assert new_job(desk, id=garbage).status_code == 303
    assert len(jobs(desk)) == 1


def test_the_form_of_another_organisation_is_refused(desk):
    page = desk.get("/jobs/new").get_data(as_text=True)
    assert new_job(desk, id=form_id(page)).status_code == 303
    stranger = desk.world.log_in(desk.world.charlie)
    token = re.search(r'name="csrf_token" value="([^"]+)"', stranger.get("/jobs/new").text).group(1)
    form = {"kind": "ats", "title": "Mine", "assessment": "work-style", "csrf_token": token}
    assert stranger.post("/jobs/new", data=form | {"id": form_id(page)}).status_code == 404


def test_control_characters_are_taken_out_of_a_title(desk):
    new_job(desk, title="  Two\x00 \r\n lines\t ")
    assert jobs(desk)[0].title == "Two lines"


@pytest.mark.parametrize("title", AWKWARD)
def test_an_awkward_title_is_shown_as_it_is(desk, title):
    assert new_job(desk, title=title).status_code == 303
    job = jobs(desk)[0]
    for path in ("/jobs", f"/jobs/{job.id}", f"/jobs/{job.id}/connect"):
        page = desk.get(path).get_data(as_text=True)
        assert "<script>alert" not in page
        assert f"<bdi>{escape(title)}</bdi>" in page


def test_nothing_works_without_a_csrf_token(desk):
    job_id = desk.creates()
    for path in ("/jobs/new", *(f"/jobs/{job_id}/{verb}" for verb in VERBS)):
        assert desk.browser.post(path, data={"title": "x"}).status_code == 400
    with desk.app.app_context():
        assert desk.job(job_id).state is JobState.DRAFT
        assert db.session.scalar(select(func.count(Job.id))) == 1


VERBS = ("connect", "disconnect", "close", "reopen")
READS = ("", "/connect", "/connect/jobs", "/connect/stages", "/connect/counts", "/disconnect")


def test_another_organisation_meets_a_404_everywhere(desk):
    job_id = desk.creates()
    stranger = desk.world.log_in(desk.world.charlie)
    token = re.search(r'name="csrf-token" content="([^"]+)"', stranger.get("/jobs").text).group(1)
    for tail in READS:
        assert stranger.get(f"/jobs/{job_id}{tail}").status_code == 404, tail
    for verb in VERBS:
        answer = stranger.post(f"/jobs/{job_id}/{verb}", data={"csrf_token": token})
        assert answer.status_code == 404, verb
    assert "Developers" not in stranger.get("/jobs").text


def test_staff_see_no_jobs_and_others_log_in_first(desk):
    job_id = desk.creates()
    assert desk.world.log_in(desk.world.sam).get(f"/jobs/{job_id}").status_code == 404
    answer = desk.app.test_client().get(f"/jobs/{job_id}")
    assert answer.status_code == 302 and answer.location.startswith("/login?next=")


@pytest.mark.parametrize(
    "path",
    [
        "/jobs/1",
        "/jobs/not-a-job",
        "/jobs/00000000-0000-4000-8000-000000000000",
        "/jobs/00000000-0000-4000-8000-000000000000/connect",
        "/jobs/%00",
        "/jobs/new/x",
    ],
)
def test_a_bad_address_is_a_404(desk, path):
    assert desk.get(path).status_code == 404


@pytest.mark.parametrize("page", ["x", "-3", "0", "99", "9" * 30, "9" * 5000, "%00"])
def test_a_bad_page_number_shows_a_page_that_exists(desk, page):
    job_id = desk.creates()
    assert "Developers" in text_of(desk.get(f"/jobs?page={page}"))
    assert desk.get(f"/jobs/{job_id}?page={page}").status_code == 200


def test_closing_and_reopening(desk):
    job_id = desk.creates()
    desk.connects(job_id, "Nurse", "NEW")
    assert desk.post(f"/jobs/{job_id}/close").status_code == 303
    page = desk.get(f"/jobs/{job_id}").get_data(as_text=True)
    assert "Closed" in page and "Reopen job" in page and "nobody is invited until" in page
    assert "Change</button>" not in page and "Disconnect</button>" not in page
    assert "Connect</button>" not in desk.get("/jobs").get_data(as_text=True)
    desk.post(f"/jobs/{job_id}/reopen")
    assert "Close job" in text_of(desk.get(f"/jobs/{job_id}"))


def cells(page: str) -> list[str]:
    """The numbers of the first row of the overview: the job where something happened last."""
    return re.findall(r'<td class="number"[^>]*>(\d+)</td>', page)[:4]


def test_the_overview_counts_who_was_invited_started_and_completed(desk):
    other = desk.creates("Others")
    job_id = desk.creates()
    invite(desk, other, 1)
    invite(desk, job_id, 3)
    invite(desk, job_id, 2, state=InvitationState.STARTED, started_at=DAY)
    done = {"state": InvitationState.COMPLETED, "started_at": DAY, "completed_at": DAY}
    invite(desk, job_id, 1, **done)
    invite(desk, job_id, 1, state=InvitationState.CANCELLED)
    invite(desk, job_id, 2, state=InvitationState.EXPIRED)
    assert cells(desk.get("/jobs").get_data(as_text=True)) == ["8", "3", "1", "2"]


def test_a_jobs_page_lists_its_invitations_latest_first(desk):
    job_id = desk.creates()
    assert "Nobody is invited yet" in text_of(desk.get(f"/jobs/{job_id}"))
    invite(desk, job_id, 60, state=InvitationState.SENT)
    first = desk.get(f"/jobs/{job_id}").get_data(as_text=True)
    assert first.index("No 59") < first.index("No 10") and "No 9<" not in first
    assert "Page 1 of 2" in text_of(desk.get(f"/jobs/{job_id}"))
    second = desk.get(f"/jobs/{job_id}?page=2").get_data(as_text=True)
    assert "No 9<" in second and "Sent" in second
    profile = re.search(r'href="(/candidates/[^"]+)"', second).group(1)
    assert "No 9" in text_of(desk.get(profile))


def test_closed_jobs_come_last_and_the_list_has_pages(desk):
    closed = desk.creates("Closed one")
    desk.post(f"/jobs/{closed}/close")
    for number in range(JOBS_A_PAGE):
        desk.creates(f"Job {number}")
    first, second = text_of(desk.get("/jobs")), text_of(desk.get("/jobs?page=2"))
    assert "Job 24" in first and "Job 0" in first and "Closed one" not in first
    assert "Closed one" in second and "26 in all" in second


def test_more_rows_take_no_more_queries(desk):
    job_id = desk.creates()
    desk.connects(job_id, "Nurse", "NEW")
    invite(desk, job_id, 1)
    few = [statement_count(desk, path) for path in ("/jobs", f"/jobs/{job_id}")]
    for number in range(10):
        another = desk.creates(f"Job {number}")
        desk.connects(another, "Java Developer", "INTERVIEW")
        invite(desk, another, 3)
    invite(desk, job_id, 20)
    assert [statement_count(desk, path) for path in ("/jobs", f"/jobs/{job_id}")] == few
    assert max(few) < 25


def test_a_job_or_stage_that_went_away_is_pointed_out(desk):
    job_id = desk.creates()
    desk.connects(job_id, "Nurse", "INTERVIEW: On-site")
    badge = 'tone-warning">Needs attention'
    assert badge not in desk.get("/jobs").text
    with desk.app.app_context(), transaction() as session:
        stage = session.get_one(HiringStage, desk.stage("INTERVIEW: On-site").id)
        stage.gone_at = DAY
    assert badge in desk.get("/jobs").text
    assert "no longer has this stage" in text_of(desk.get(f"/jobs/{job_id}"))
    with desk.app.app_context(), transaction() as session:
        session.get_one(AtsJob, desk.ats_job("Nurse").id).gone_at = DAY
    assert "no longer in SmartRecruiters" in text_of(desk.get(f"/jobs/{job_id}"))
