"""The report attached in SmartRecruiters: once, replaced when it says something else, never in the
way of the note and the tags."""

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import update

from eqsr.core.db import transaction
from eqsr.jobs.models import Job
from eqsr.results import report_file
from eqsr.results.models import WriteBackState
from eqsr.smartrecruiters.client import SmartRecruiters
from tests.crashing import Boundaries
from tests.extras.partner_api.platform import SCALES, program
from tests.results.attachments import download, files, switch
from tests.world import csrf_token


@pytest.fixture
def shown(results_of):
    return results_of


def change(shown, **values):
    with shown.story.world.app.app_context(), transaction() as session:
        session.execute(update(Job).values(**values))


def test_off_by_default_and_nothing_is_attached(shown):
    ada = shown.invited()
    shown.takes(ada)
    shown.story.work()
    assert files(shown, ada) == []
    assert len(shown.notes(ada)) == 1


def test_switched_on_the_report_is_there_once_and_says_the_result(shown):
    browser = switch(shown)
    ada = shown.invited()
    invitation = shown.takes(ada)
    shown.story.work()
    shown.want(invitation)
    shown.story.work()
    (file,) = files(shown, ada)
    assert file["name"].startswith("Assessment report Ada Jansen ")
    assert file["name"].endswith(".pdf")
    written = shown.write_back(invitation)
    assert (written.report_id, written.state) == (file["id"], WriteBackState.DONE)
    told = [
        line for line in shown.story.activity() if line.endswith("with the result, the report.")
    ]
    assert told == [shown.story.activity()[-1]], "the second try had nothing to tell"
    page = browser.get(f"/jobs/{shown.story.job_id}").text
    assert "attached as a PDF" in page


def test_the_file_is_the_report(shown):
    switch(shown)
    ada = shown.invited()
    shown.takes(ada)
    shown.story.work()
    (file,) = files(shown, ada)
    content = download(shown, file)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "Ada Jansen" in text and "Developers" in text and "Extraversion" in text


def test_what_another_platform_scored_is_attached_too(shown):
    switch(shown)
    other = program(shown.story.world, shown.story.job_id)
    ada = shown.invited()
    (invitation,) = shown.story.invitations()
    assert other.tells(invitation.id, "completed", scales=SCALES).status_code == 200
    shown.story.work()
    (file,) = files(shown, ada)
    pages = PdfReader(io.BytesIO(download(shown, file))).pages
    assert "Planning: 7.5" in " ".join(page.extract_text() for page in pages)


def test_what_says_something_else_replaces_the_file(shown):
    switch(shown)
    ada = shown.invited()
    invitation = shown.takes(ada)
    shown.story.work()
    (before,) = files(shown, ada)
    change(shown, title="Backend developers")
    shown.want(invitation)
    shown.story.work()
    (after,) = files(shown, ada)
    assert after["id"] != before["id"]


def test_switched_off_what_is_there_stays_and_nothing_new_comes(shown):
    switch(shown)
    ada = shown.invited()
    invitation = shown.takes(ada)
    shown.story.work()
    (before,) = files(shown, ada)
    switch(shown, on=False)
    change(shown, title="Backend developers")
    shown.want(invitation)
    shown.story.work()
    assert [file["id"] for file in files(shown, ada)] == [before["id"]]


@pytest.mark.slow
def test_attached_once_whenever_the_worker_is_killed(shown, no_limits, monkeypatch):
    switch(shown)
    boundaries = Boundaries(monkeypatch, (SmartRecruiters, "attach"), (report_file, "change"))
    assert shown.survive_kills(boundaries, lambda ada: len(files(shown, ada)) == 1) >= 5


def test_without_the_scope_the_note_stands_and_the_profile_says_what_is_missing(shown):
    there = f"companies/{shown.story.company}/credentials"
    (credential,) = shown.story.box.get(there)
    rest = [scope for scope in credential["scopes"] if scope != "candidates_create"]
    shown.story.box.post(f"{there}/{credential['id']}", {"scopes": rest})
    browser = switch(shown)
    ada = shown.invited()
    invitation = shown.takes(ada)
    shown.story.work()
    assert files(shown, ada) == []
    assert len(shown.notes(ada)) == 1
    written = shown.write_back(invitation)
    assert written.state is WriteBackState.DONE
    assert "candidates_create" in written.report_problem
    candidate_id = shown.story.invitations()[0].application.candidate_id
    page = browser.get(f"/candidates/{candidate_id}").text
    assert "The report is not attached in SmartRecruiters" in page


def test_strangers_can_not_switch_it(shown):
    browser = shown.story.world.log_in(shown.story.world.charlie)
    form = {"csrf_token": csrf_token(browser), "attach": "1"}
    assert browser.post(f"/jobs/{shown.story.job_id}/report", data=form).status_code == 404
