"""An erased result is gone everywhere, and everything else lives on."""

from sqlalchemy import select

from eqsr.activity.models import AuditEntry
from eqsr.core.db import db
from eqsr.extras.shared_profiles.models import ProfileShare
from eqsr.invitations.models import InvitationState
from eqsr.results.models import WriteBackState
from eqsr.sittings import rescoring
from eqsr.sittings.models import Answer, Score, Sitting
from tests.extras.privacy.marked import EMAIL, FIRST, Marked, traces
from tests.page_text import text_of
from tests.results.attachments import switch
from tests.world import World, csrf, csrf_token


def test_nothing_is_left_in_any_table_nor_in_smartrecruiters(results_of):
    switch(results_of)
    marked = Marked(results_of)
    story = results_of.story
    marked.asks("review")
    marked.asks("erasure")
    marked.leaves_traces()
    story.work.settle()
    shared = share(marked)
    story.work.settle()
    assert len(results_of.notes(marked.candidate)) == 1
    assert len(story.profile(marked.candidate)["attachments"]) == 1
    assert traces(marked.world.app) and marked.self_identifications() == 1

    assert marked.erase().status_code == 303
    story.work.settle()

    assert traces(marked.world.app) == []
    assert [marked.rows(table) for table in (Sitting, Answer, Score)] == [[], [], []]
    assert marked.self_identifications() == 0
    assert all(one.revoked_at for one in marked.rows(ProfileShare))
    assert results_of.notes(marked.candidate) == []
    assert story.profile(marked.candidate)["attachments"] == []
    written = results_of.write_back(marked.invitation_id)
    assert (written.state, written.note_text) == (WriteBackState.DONE, None)
    told = story.activity(marked.application_id)
    assert "Alice deleted the result." in told
    assert any(line.startswith("SmartRecruiters has no note and no report") for line in told)
    assert any("(deleted)" in line for line in told)
    (entry,) = [one for one in marked.rows(AuditEntry) if one.action == "result_erased"]
    assert (entry.subject_id, entry.address) == (marked.application_id, "127.0.0.1")
    for path in ("", "/results", "/done"):
        page = marked.visitor.get(marked.take_path + path)
        assert page.status_code == 410 and "This result was deleted" in text_of(page)
    dead = marked.visitor.get(shared)
    assert dead.status_code == 410 and "This result was deleted" in dead.text
    mail = story.mails(EMAIL)[-1]
    assert mail["subject"] == "Your result for Developers is deleted"
    assert FIRST not in mail["text"]


def share(marked) -> str:
    """A guest's link; its path."""
    browser = marked.world.log_in(marked.world.alice)
    path = f"/candidates/{marked.candidate_id}/guests"
    form = {"csrf_token": csrf(browser, path), "email": "guest@else.example", "days": "7"}
    assert browser.post(path, data=form | {"id": ""}).status_code == 303
    marked.shown.story.work.settle()
    text = marked.shown.story.mails("guest@else.example")[-1]["text"]
    return "/shared/" + text.split("/shared/", 1)[1].split()[0]


def test_only_admins_of_the_organisation_may(marked):
    for who in (World.charlie, World.bob, World.dora, World.sam):
        assert marked.erase(who).status_code == 404
        path = f"/applications/{marked.application_id}/erase"
        assert marked.world.log_in(who).get(path).status_code == 404
    assert traces(marked.world.app)


def test_it_is_asked_first_and_done_once(marked):
    browser = marked.world.log_in(marked.world.alice)
    profile = browser.get(f"/candidates/{marked.candidate_id}").text
    path = f"/applications/{marked.application_id}/erase"
    assert path in profile
    page = text_of(browser.get(path))
    assert "What is deleted" in page and "What stays" in page and "In SmartRecruiters" in page
    unsure = marked.erase(sure=False)
    assert unsure.status_code == 422 and "Tick that you want it" in text_of(unsure)
    assert traces(marked.world.app)
    assert marked.erase().status_code == 303
    assert marked.erase().status_code == 303
    assert marked.erase(sure=False).status_code == 422
    assert browser.get(path).status_code == 303
    erased = [one for one in marked.rows(AuditEntry) if one.action == "result_erased"]
    assert len(erased) == 1
    marked.shown.story.work.settle()
    assert traces(marked.world.app) == []


def test_every_page_lives_with_it_and_counts_stay(marked):
    story = marked.shown.story
    browser = marked.world.log_in(marked.world.alice)
    before = counts(browser, story.job_id)
    marked.erase()
    assert counts(browser, story.job_id) == before
    story.work.settle()
    profile = browser.get(f"/candidates/{marked.candidate_id}")
    assert "Deleted candidate" in text_of(profile) and "by Alice" in text_of(profile)
    assert f"/applications/{marked.application_id}/erase" not in profile.text
    csv = browser.get(f"/jobs/{story.job_id}/invitations.csv")
    assert "Completed" in csv.get_data(as_text=True)
    pages = (
        f"/jobs/{story.job_id}",
        f"/jobs/{story.job_id}?sort=name",
        f"/jobs/{story.job_id}/compare",
        f"/jobs/{story.job_id}/compare?with={marked.invitation_id}",
        f"/jobs/{story.job_id}/why?q={marked.candidate['id']}",
        f"/jobs/{story.job_id}/invite/{marked.application_id}",
        f"/invitations/{marked.invitation_id}",
        f"/candidates/{marked.candidate_id}/guide",
        f"/candidates/{marked.candidate_id}/report.pdf",
        f"/candidates/{marked.candidate_id}/guests",
    )
    for path in pages:
        assert browser.get(path).status_code in (200, 404), path
    form = {"csrf_token": csrf_token(browser), "attempt": "2"}
    again = browser.post(f"/jobs/{story.job_id}/invite/{marked.application_id}", data=form)
    assert again.status_code == 422 and "so it is not invited again" in again.text
    assert marked.visitor.post(f"{marked.take_path}/start").status_code == 410
    story.work.by_clock()
    story.work.settle()
    assert marked.shown.notes(marked.candidate) == []
    assert traces(marked.world.app) == []


def counts(browser, job_id) -> list[str]:
    page = browser.get(f"/jobs/{job_id}").text
    return [part.split("</dd>")[0] for part in page.split("<dd")[1:6]]


def test_its_pages_stand_in_the_tabs_of_what_they_are_about(marked):
    browser = marked.world.log_in(marked.world.alice)
    asked = browser.get(f"/applications/{marked.application_id}/erase").text
    assert 'href="/jobs" aria-current="page"' in asked
    keeping = browser.get("/organisation/keeping").text
    assert 'href="/organisation" aria-current="page"' in keeping


def test_an_open_invitation_is_called_off(results_of):
    marked = Marked.__new__(Marked)
    marked.shown = results_of
    ada = results_of.invited(EMAIL)
    with results_of.story.world.app.app_context():
        marked.invitation_id = results_of.invitation(ada)
    (invitation,) = results_of.story.invitations()
    marked.application_id = invitation.application_id
    assert marked.erase().status_code == 303
    results_of.story.work.settle()
    (invitation,) = results_of.story.invitations()
    assert (invitation.state, invitation.email) == (InvitationState.CANCELLED, "")
    assert traces(marked.world.app) == []


def test_a_later_move_invites_nobody_and_keeps_nothing(marked):
    story = marked.shown.story
    marked.erase()
    story.work.settle()
    story.moves(marked.candidate, status="IN_REVIEW", subStatus="Phone screen")
    story.moves(marked.candidate)
    story.work.settle()
    assert len(story.invitations()) == 1
    assert any(
        "its result was deleted on" in line for line in story.activity(marked.application_id)
    )
    assert traces(marked.world.app) == []


def test_scoring_again_passes_over_what_was_erased(marked):
    with marked.world.app.app_context():
        assert rescoring.request_rescoring(sitting_id=db.session.scalar(select(Sitting.id))) == 1
    marked.erase()
    marked.shown.story.work.settle()
    assert [one.state.value for one in marked.shown.story.work.rows("rescore")] == ["done"]
