"""A finished assessment shows on the profile once, whatever happens while it is written."""

import io
import threading
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader
from sqlalchemy import update

from eqsr.accounts.models import Organisation
from eqsr.connections import service as connections
from eqsr.core.db import db, transaction
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import WorkState
from eqsr.results import note as note_writing
from eqsr.results import service as results
from eqsr.results.models import WriteBackState
from eqsr.sittings.models import Sitting
from eqsr.smartrecruiters.client import SmartRecruiters
from tests.crashing import Boundaries, Killed
from tests.results.attachments import download

BOTH_TAGS = ["Equalture invited", "Equalture completed"]


@pytest.fixture
def shown(results_of):
    return results_of


def test_the_note_and_the_tags_are_there_once(shown):
    ada = shown.invited()
    assert shown.tags(ada) == ["Equalture invited"]
    assert shown.notes(ada) == []
    shown.takes(ada)
    shown.story.work()
    (note,) = shown.notes(ada)
    assert "Work style for Developers: completed on" in note
    assert f"View details: {shown.story.site.url}/candidates/" in note
    assert shown.tags(ada) == BOTH_TAGS
    assert shown.story.activity()[-1] == (
        "SmartRecruiters shows: Equalture invited, Equalture completed, a note with the result."
    )


def test_note_and_report_tell_the_organisations_day(shown):
    """Finished at 23:30 UTC, when it is the next day in Amsterdam."""
    with shown.story.world.app.app_context(), transaction() as session:
        session.execute(update(Job).values(attach_report=True))
    ada = shown.invited()
    finished = shown.takes(ada)
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    with shown.story.world.app.app_context(), transaction() as session:
        session.execute(
            update(Invitation).where(Invitation.id == finished).values(completed_at=late)
        )
        session.execute(update(Sitting).values(finished_at=late))
    shown.story.work()
    assert "completed on 25 November 2026." in shown.notes(ada)[0]
    (file,) = shown.story.profile(ada)["attachments"]
    pdf = PdfReader(io.BytesIO(download(shown, file)))
    text = " ".join(page.extract_text() for page in pdf.pages)
    assert "Finished 25 November 2026" in " ".join(text.split())
    assert "Taken 25 November 2026" in " ".join(text.split())


def test_a_tag_is_in_the_language_of_its_day_and_not_written_again_in_another(shown):
    ada = shown.invited()
    with shown.story.world.app.app_context(), transaction() as session:
        session.execute(update(Organisation).values(language="nl"))
    shown.takes(ada)
    shown.story.work()
    assert shown.tags(ada) == ["Equalture invited", "Equalture afgerond"]
    (note,) = shown.notes(ada)
    assert "Details bekijken: " in note


@pytest.mark.slow
def test_written_once_whenever_the_worker_is_killed(shown, no_limits, monkeypatch):
    boundaries = Boundaries(
        monkeypatch,
        (SmartRecruiters, "add_tags"),
        (SmartRecruiters, "add_note"),
        (results, "change"),
        (note_writing, "change"),
        (results, "_done"),
    )

    def written_once(ada) -> bool:
        return len(shown.notes(ada)) == 1 and shown.tags(ada) == BOTH_TAGS

    assert shown.survive_kills(boundaries, written_once) >= 8


def test_two_workers_at_once_write_one_note(shown):
    ada = shown.invited()
    invitation = shown.takes(ada)
    with shown.story.world.app.app_context():
        from eqsr.outbox.service import enqueue

        for _ in range(3):
            enqueue(WorkKind.WRITE_BACK, invitation, connection_id=shown.story.connection_id)
    barrier = threading.Barrier(3)

    def worker():
        barrier.wait()
        shown.story.work("write_back")

    threads = [threading.Thread(target=worker) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shown.story.work.hurry()
    shown.story.work()
    assert len(shown.notes(ada)) == 1


def test_a_note_that_says_something_else_replaces_the_old_one(shown):
    ada = shown.invited()
    invitation = shown.takes(ada)
    shown.story.work()
    with shown.story.world.app.app_context(), transaction() as session:
        session.execute(update(Job).values(title="Backend developers"))
    shown.want(invitation)
    shown.story.work()
    shown.want(invitation)
    shown.story.work()
    (note,) = shown.notes(ada)
    assert "for Backend developers" in note


def test_an_old_note_of_which_we_lost_the_id_is_not_joined_by_a_second(shown, monkeypatch):
    boundaries = Boundaries(monkeypatch, (SmartRecruiters, "add_note"))
    ada = shown.invited()
    invitation = shown.takes(ada)
    with boundaries.killing_at(2), pytest.raises(Killed):
        shown.story.work("write_back")
    with shown.story.world.app.app_context(), transaction() as session:
        session.execute(update(Job).values(title="Backend developers"))
    shown.story.work.lapse_leases()
    shown.story.work()
    shown.want(invitation)
    shown.story.work()
    assert len(shown.notes(ada)) == 1


def test_an_answer_that_is_cut_off_after_the_note_was_taken(shown):
    ada = shown.invited()
    shown.takes(ada)
    path = {"method": "POST", "path": "/messages/shares"}
    shown.story.box.post("faults", {"kind": "cut", "match": path, "times": 1})
    shown.story.work()
    shown.story.work.hurry()
    shown.story.work()
    assert len(shown.notes(ada)) == 1


def test_a_page_of_a_proxy_is_no_answer(shown):
    """200, but not SmartRecruiters': nothing has been written."""
    path = {"method": "POST", "path": "/candidates/*/tags"}
    shown.story.box.post("faults", {"kind": "garbage", "match": path, "times": 1})
    ada = shown.story.applies()
    shown.story.moves(ada)
    shown.story.work()
    assert shown.tags(ada) == []
    shown.story.work.hurry()
    shown.story.work()
    assert shown.tags(ada) == ["Equalture invited"]


@pytest.mark.parametrize("kind", ["401", "403", "500"])
def test_while_the_profile_can_not_be_read_no_second_note_is_posted(shown, monkeypatch, kind):
    """A note may be there already: a refusal for the moment must not be taken for an answer."""
    boundaries = Boundaries(monkeypatch, (SmartRecruiters, "add_note"))
    ada = shown.invited()
    shown.takes(ada)
    with boundaries.killing_at(2), pytest.raises(Killed):
        shown.story.work("write_back")
    shown.story.work.lapse_leases()
    path = {"method": "GET", "path": "/messages"}
    fault = shown.story.box.post("faults", {"kind": kind, "match": path})["id"]
    shown.story.work("write_back")
    assert len(shown.notes(ada)) == 1
    shown.delete(f"faults/{fault}")
    recover(shown)
    assert len(shown.notes(ada)) == 1
    assert shown.tags(ada) == BOTH_TAGS


def test_a_candidate_who_is_gone_is_written_in_the_activity_log(shown):
    ada = shown.invited()
    invitation = shown.takes(ada)
    shown.deleted(ada)
    shown.story.work()
    assert shown.write_back(invitation).state is WriteBackState.FAILED
    assert "The candidate is no longer in SmartRecruiters." in shown.story.activity()
    states = {row.state for row in shown.story.work.rows("write_back")}
    assert states == {WorkState.DONE}


def test_while_we_may_not_ask_who_is_gone_it_waits(shown):
    ada = shown.invited()
    invitation = shown.takes(ada)
    shown.deleted(ada)
    profile = {"method": "GET", "path": f"/candidates/{ada['id']}"}
    fault = shown.story.box.post("faults", {"kind": "403", "match": profile})["id"]
    shown.story.work("write_back")
    assert shown.story.work.rows("write_back")[-1].state is WorkState.WAITING
    assert shown.write_back(invitation).state is WriteBackState.PENDING
    shown.delete(f"faults/{fault}")
    recover(shown)
    assert shown.write_back(invitation).state is WriteBackState.FAILED
    assert "The candidate is no longer in SmartRecruiters." in shown.story.activity()


def test_a_refusal_that_is_no_missing_scope_is_tried_again_and_troubles_nobody_else(shown):
    """The system role may be too weak to tag: no check of the connection could mend that."""
    ada = shown.invited()
    shown.takes(ada)
    match = {"method": "POST", "path": "/candidates/*/tags"}
    fault = shown.story.box.post("faults", {"kind": "denied", "match": match})["id"]
    shown.story.work()
    [row] = shown.story.work.rows("write_back")[-1:]
    assert (row.state, row.failures) == (WorkState.DUE, 1)
    with shown.story.world.app.app_context():
        assert connections.get(shown.story.connection_id).problem is None
        db.session.remove()
    shown.delete(f"faults/{fault}")
    shown.story.work.hurry()
    shown.story.work()
    assert len(shown.notes(ada)) == 1


def test_a_note_whose_id_smartrecruiters_does_not_tell_is_written_once(shown, monkeypatch):
    """``id`` is optional in the answer to a note (published OpenAPI)."""
    real = SmartRecruiters.add_note
    monkeypatch.setattr(SmartRecruiters, "add_note", lambda *given: real(*given) and None)
    ada = shown.invited()
    invitation = shown.takes(ada)
    for _ in range(3):
        shown.story.work()
        shown.want(invitation)
        shown.story.work.hurry()
    assert len(shown.notes(ada)) == 1
    assert shown.write_back(invitation).state is WriteBackState.DONE


def test_a_token_that_is_refused_everywhere_does_not_make_a_candidate_gone(shown):
    ada = shown.invited()
    invitation = shown.takes(ada)
    company = {"company": shown.story.company}
    fault = shown.story.box.post("faults", {"kind": "401", "match": company})["id"]
    shown.story.work("write_back")
    assert shown.write_back(invitation).state is WriteBackState.PENDING
    shown.delete(f"faults/{fault}")
    recover(shown)
    assert len(shown.notes(ada)) == 1


def test_a_missing_scope_is_waited_for_and_a_new_credential_goes_on(shown):
    ada = shown.invited()
    shown.takes(ada)
    there = f"companies/{shown.story.company}/credentials"
    (old,) = shown.story.box.get(there)
    rest = [scope for scope in old["scopes"] if scope != "candidates_manage"]
    shown.story.box.post(f"{there}/{old['id']}", {"scopes": rest})
    shown.story.work("write_back")
    assert shown.story.work.rows("write_back")[-1].state is WorkState.WAITING
    assert shown.notes(ada) == []
    fresh = shown.story.box.post(there, {"name": "another"})
    with shown.story.world.app.app_context():
        connections.begin(shown.story.world.northwind, fresh["clientId"], fresh["clientSecret"])
        db.session.remove()
    shown.story.work()
    assert len(shown.notes(ada)) == 1
    assert shown.tags(ada) == BOTH_TAGS


def recover(shown):
    """As the checks by the clock find it."""
    with shown.story.world.app.app_context():
        connections.close_problem(shown.story.connection_id)
        db.session.remove()
    for _ in range(3):
        shown.story.work.hurry()
        shown.story.work()
