"""The Connect dialog, as htmx and as a browser without scripts ask for it."""

import re
import uuid

import pytest

from eqsr.connections.models import ConnectionState
from eqsr.db import transaction
from eqsr.jobs import service
from eqsr.jobs.models import JobState
from tests.customer import connected
from tests.jobs.conftest import text_of

pytestmark = pytest.mark.postgres

NEVER = "00000000-0000-4000-8000-000000000000"


def radios(page: str) -> list[str]:
    """The titles of the jobs that are offered."""
    return re.findall(r'class="option-title"><bdi>(.*?)</bdi>', page)


def options(page: str) -> list[str]:
    found = re.findall(r"<option[^>]*>(.*?)</option>", page, re.DOTALL)
    return [" ".join(option.split()) for option in found]


def found(desk, job_id: uuid.UUID, text: str):
    return desk.browser.get(
        f"/jobs/{job_id}/connect/jobs", query_string={"q": text}, headers={"HX-Request": "true"}
    )


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
    monkeypatch.setattr("eqsr.connections.clients.PATIENCE_OF_A_PAGE", 0.3)
    job_id = desk.creates()
    desk.customer.fails("slow", "/jobs/*", delay_seconds=2)
    assert "does not answer" in text_of(found(desk, job_id, NEVER))


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
        theirs = service.search.stages(other.connection_id)[1].id
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


def test_stages_that_were_never_read_are_read_now(desk):
    job_id, nurse = desk.creates(), desk.ats_job("Nurse").id
    path = f"/jobs/{job_id}/connect/stages?ats_job={nurse}"
    forget_stages(desk)
    desk.customer.fails("500", "/configuration/*")
    assert "does not answer" in text_of(desk.get(path, htmx=True))
    desk.customer.heal()
    assert "Interview: On-site" in options(desk.get(path, htmx=True).text)


def forget_stages(desk) -> None:
    with desk.app.app_context(), transaction() as session:
        for stage in service.search.stages(desk.customer.connection_id):
            session.delete(stage)


def test_without_a_connection_it_says_so_and_helps_an_admin(bare_desk):
    job_id = bare_desk.creates()
    for htmx in (True, False):
        answer = bare_desk.get(f"/jobs/{job_id}/connect", htmx=htmx)
        assert answer.status_code == 200
        assert "SmartRecruiters is not connected yet" in text_of(answer)
        assert "Go to the connection" not in text_of(answer)
    alice = bare_desk.world.log_in(bare_desk.world.alice)
    assert "Go to the connection" in text_of(alice.get(f"/jobs/{job_id}/connect"))
    answer = bare_desk.post(f"/jobs/{job_id}/connect", htmx=True, ats_job=NEVER, stage=NEVER)
    assert answer.status_code == 422 and "not connected" in text_of(answer)


def test_a_connection_that_ends_while_the_dialog_is_open(desk):
    job_id = desk.creates()
    desk.customer.set_connection(state=ConnectionState.DISCONNECTED)
    answer = desk.connects(job_id, "Nurse", "NEW", htmx=True)
    assert answer.status_code == 422 and "not connected any more" in text_of(answer)
    for tail in ("jobs?q=x", f"stages?ats_job={NEVER}", f"counts?ats_job={NEVER}"):
        answer = desk.get(f"/jobs/{job_id}/connect/{tail}", htmx=True)
        assert answer.status_code == 400 and "not connected any more" in text_of(answer)


def test_a_connection_in_trouble_can_still_be_used(desk):
    job_id = desk.creates()
    desk.customer.set_connection(state=ConnectionState.NEEDS_ATTENTION)
    assert "needs attention" in text_of(desk.get(f"/jobs/{job_id}/connect", htmx=True))
    assert desk.connects(job_id, "Nurse", "NEW").status_code == 303


def test_a_credential_that_can_not_be_read_is_a_sentence(desk):
    job_id = desk.creates()
    desk.customer.set_connection(locked_client_secret="not ours")
    assert "can't be asked at the moment" in text_of(found(desk, job_id, NEVER)).replace("’", "'")


def test_jobs_that_are_still_being_read_are_not_no_jobs(desk, app):
    job_id = desk.creates()
    desk.customer.set_connection(jobs_synced_at=None)
    with app.app_context(), transaction() as session:
        for title in ("Nurse", "Java Developer"):
            session.delete(session.merge(desk.ats_job(title)))
    assert "being read" in text_of(desk.get(f"/jobs/{job_id}/connect", htmx=True))


def test_a_closed_job_is_not_connected(desk):
    job_id = desk.creates()
    desk.post(f"/jobs/{job_id}/close")
    answer = desk.connects(job_id, "Nurse", "NEW", htmx=True)
    assert answer.status_code == 422 and "Reopen it" in text_of(answer)


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
