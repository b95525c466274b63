"""The Connect dialog: stages, connecting, changing and disconnecting."""

import re

import pytest

from eqsr.connections import job_lookup
from eqsr.jobs.models import JobState
from tests.customer import connected
from tests.page_text import text_of
from tests.screens.jobs.dialog import NEVER, found, options, radios
from tests.screens.jobs.job_pages import invite


def test_a_job_lists_its_stages_with_how_many_are_there_now(desk):
    job_id = desk.creates()
    ats_job = desk.ats_job("Java Developer")
    desk.customer.gets_candidates(ats_job.ats_id, 3, status="IN_REVIEW", subStatus="Assessment")
    page = desk.get(f"/jobs/{job_id}/connect/stages?ats_job={ats_job.id}", htmx=True)
    assert options(page.text)[:5] == [
        "Choose a stage",
        "Lead",
        "New",
        "In review without sub-status",
        "In review: Phone screen",
    ]
    path = re.search(r'hx-get="([^"]+/connect/counts[^"]*)"', page.text).group(1)
    told: dict[str, str] = {}
    while path:
        counts = desk.get(path.replace("&amp;", "&"), htmx=True)
        told |= dict(option.split(" · ") for option in options(counts.text))
        more = re.search(r'hx-get="([^"]+)"', counts.text)
        path = more and more.group(1)
    assert told["In review: Assessment"] == "3 now" and told["New"] == "0 now"
    assert set(told) == set(options(page.text)[1:])


def test_with_several_hiring_processes_a_stage_names_those_that_have_it(desk):
    (default,) = desk.customer.processes()
    mine, both = {"IN_REVIEW": ["Call", "Test"]}, {"IN_REVIEW": ["Test"], "OFFERED": ["Bid"]}
    desk.customer.changes_process(default["id"], name="Office", subStatuses=mine)
    desk.customer.mirror()
    path = f"/jobs/{desk.creates()}/connect/present?ats_job={desk.ats_job('Nurse').id}"

    def told(stage: str) -> str:
        return text_of(desk.get(f"{path}&stage={desk.stage(stage).id}", htmx=True))

    assert "hiring process" not in told("IN_REVIEW: Call")
    desk.customer.hires(name="Clinic", subStatuses=both)
    desk.customer.mirror()
    assert "hiring process have this stage: Office." in told("IN_REVIEW: Call")
    assert "hiring process have this stage: Clinic." in told("OFFERED: Bid")
    for everywhere in ("IN_REVIEW: Test", "NEW"):
        assert "hiring process" not in told(everywhere)


def test_connecting_closes_the_dialog_and_shows_the_card_anew(desk):
    job_id = desk.creates()
    answer = desk.connects(job_id, "Java Developer", "IN_REVIEW: Assessment", htmx=True)
    assert answer.status_code == 200
    assert answer.headers["HX-Trigger-After-Swap"] == "closeDialog"
    assert answer.headers["HX-Retarget"] == f"#job-{job_id}"
    words = text_of(answer)
    assert "Connected" in words and "Java Developer" in words and "In review: Assessment" in words
    assert "Change" in words and "Disconnect" in words
    page = text_of(desk.get("/jobs"))
    assert "Open" in page and "In review: Assessment" in page and "Change" in page


def test_the_dialog_shares_no_id_with_the_page_that_it_opens_on(desk):
    job_id = desk.creates()
    invite(desk, job_id, 1)
    place = f"ats_job={desk.ats_job('Nurse').id}&stage={desk.stage('NEW').id}"
    desk.customer.gets_candidates(desk.ats_job("Nurse").ats_id, 1, status="NEW")
    dialog = desk.get(f"/jobs/{job_id}/connect?{place}", htmx=True).text
    assert 'name="days"' in dialog and 'name="q"' in dialog
    for path in ("/jobs", f"/jobs/{job_id}"):
        ids = re.findall(r'\bid="([^"]+)"', desk.get(path).text + dialog)
        assert [one for one in set(ids) if ids.count(one) > 1] == []
    for control in re.findall(r'<label for="([^"]+)"', dialog):
        assert f'id="{control}"' in dialog


def test_from_the_overview_its_row_comes_back(desk):
    job_id = desk.creates()
    form = {"ats_job": str(desk.ats_job("Nurse").id), "stage": str(desk.stage("NEW").id)}
    answer = desk.post(f"/jobs/{job_id}/connect", htmx=True, view="row", **form)
    assert answer.text.lstrip().startswith(f'<tr id="job-{job_id}"')


def test_without_scripts_it_is_a_page_with_everything_on_it(desk):
    job_id = desk.creates()
    page = desk.get(f"/jobs/{job_id}/connect?q=java").text
    assert "<html" in page and radios(page) == ["Java Developer"]
    assert "In review: Assessment" in options(page) and 'value="java"' in page
    answer = desk.connects(job_id, "Java Developer", "IN_REVIEW: Assessment")
    assert (answer.status_code, answer.location) == (303, f"/jobs/{job_id}")
    assert "The job is connected." in text_of(desk.get(answer.location))
    gone = desk.get(f"/jobs/{job_id}/disconnect")
    link = re.search(r'name="link" value="([^"]+)"', gone.text).group(1)
    assert desk.post(f"/jobs/{job_id}/disconnect", link=link).location == f"/jobs/{job_id}"
    assert "Not connected" in text_of(desk.get(f"/jobs/{job_id}"))


def test_changing_begins_with_what_is_connected_now(desk):
    job_id = desk.creates()
    desk.connects(job_id, "Nurse", "INTERVIEW: On-site")
    with desk.app.app_context():
        (link,) = desk.links(job_id)
    page = desk.get(f"/jobs/{job_id}/connect?link={link.id}", htmx=True).text
    assert radios(page) == ["Nurse"] and "checked" in page
    selected = re.search(r"<option[^>]* selected>(.*?)</option>", page, re.DOTALL).group(1)
    assert selected.strip() == "Interview: On-site"


def test_the_double_press_connects_once(desk):
    job_id = desk.creates()
    for _ in range(2):
        answer = desk.connects(job_id, "Nurse", "NEW", htmx=True)
        assert answer.status_code == 200
    with desk.app.app_context():
        assert len(desk.links(job_id)) == 1


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Choose a SmartRecruiters job first."),
        ({"ats_job": "x", "stage": "y"}, "Choose a SmartRecruiters job first."),
        ({"ats_job": NEVER, "stage": NEVER}, "Choose a SmartRecruiters job first."),
        ({"ats_job": "nurse"}, "Choose an invitation stage."),
        ({"ats_job": "nurse", "stage": NEVER}, "Choose an invitation stage."),
        ({"ats_job": "nurse", "stage": "\x00"}, "Choose an invitation stage."),
    ],
)
def test_a_choice_that_is_missing_is_asked_for(desk, form, sentence, htmx):
    job_id = desk.creates()
    if form.get("ats_job") == "nurse":
        form = form | {"ats_job": str(desk.ats_job("Nurse").id)}
    answer = desk.post(f"/jobs/{job_id}/connect", htmx=htmx, **form)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    with desk.app.app_context():
        assert desk.links(job_id) == []


def test_jobs_and_stages_of_another_connection_are_refused(desk, app, box):
    job_id = desk.creates()
    other = connected(app, box, desk.world.acme, "Acme")
    other.opens("Theirs")
    other.mirror()
    with app.app_context():
        theirs = job_lookup.stages(other.connection_id)[1].id
    ours, foreign = desk.ats_job("Nurse").id, desk.ats_job("Theirs").id
    for form in ({"ats_job": foreign, "stage": theirs}, {"ats_job": ours, "stage": theirs}):
        answer = desk.post(
            f"/jobs/{job_id}/connect", htmx=True, **{k: str(v) for k, v in form.items()}
        )
        assert answer.status_code == 422
    for tail in ("stages", "counts"):
        path = f"/jobs/{job_id}/connect/{tail}?ats_job={foreign}"
        assert desk.get(path, htmx=True).status_code == 404
    assert "Theirs" not in found(desk, job_id, "theirs").text.replace("“theirs”", "")


@pytest.mark.parametrize("query", ["", "ats_job=", "ats_job=x", f"ats_job={NEVER}", "ats_job=%00"])
@pytest.mark.parametrize("tail", ["stages", "counts"])
def test_garbage_in_the_address_is_a_404(desk, tail, query):
    job_id = desk.creates()
    assert desk.get(f"/jobs/{job_id}/connect/{tail}?{query}", htmx=True).status_code == 404


@pytest.mark.parametrize(
    "query", ["start=x", "start=-5", "start=999", f"tries={'9' * 40}", "tries=x"]
)
def test_garbage_in_the_counting_does_no_harm(desk, query):
    job_id = desk.creates()
    path = f"/jobs/{job_id}/connect/counts?ats_job={desk.ats_job('Nurse').id}&{query}"
    assert desk.get(path, htmx=True).status_code == 200


def test_a_job_that_is_connected_elsewhere_is_pointed_out(desk):
    first, second = desk.creates("First <b>"), desk.creates("Second")
    desk.connects(first, "Nurse", "INTERVIEW: On-site")
    path = f"/jobs/{second}/connect/stages?ats_job={desk.ats_job('Nurse').id}"
    answer = desk.get(path, htmx=True)
    assert "First &lt;b&gt;" in answer.text
    assert "connected to the same SmartRecruiters job, at the stage Interview: On-site" in text_of(
        answer
    )


def test_disconnecting_asks_first_and_shows_the_card_anew(desk):
    job_id = desk.creates()
    desk.connects(job_id, "Nurse", "NEW")
    dialog = desk.get(f"/jobs/{job_id}/disconnect", htmx=True)
    assert "will no longer be invited" in text_of(dialog)
    link = re.search(r'name="link" value="([^"]+)"', dialog.text).group(1)
    answer = desk.post(f"/jobs/{job_id}/disconnect", htmx=True, link=link)
    assert "Not connected" in text_of(answer) and "Draft" in text_of(answer)
    assert answer.headers["HX-Trigger-After-Swap"] == "closeDialog"
    with desk.app.app_context():
        assert desk.job(job_id).state is JobState.DRAFT
    assert desk.post(f"/jobs/{job_id}/disconnect", link=link).status_code == 303
    assert desk.get(f"/jobs/{job_id}/disconnect").status_code == 400
    for garbage in ("", "x", NEVER):
        assert desk.post(f"/jobs/{job_id}/disconnect", link=garbage).status_code == 404
