"""Results that SmartRecruiters does not show, although it should, are written again."""

import pytest
from sqlalchemy import delete, update

from eqsr.connections import service as connections
from eqsr.connections.clients import client_for
from eqsr.core.db import db, transaction
from eqsr.invitations import service as invitations
from eqsr.outbox.models import Work, WorkState
from eqsr.results.models import WriteBack, WriteBackState
from eqsr.smartrecruiters.client import SmartRecruiters
from tests.results.conftest import Results


@pytest.fixture
def shown(story):
    return Results(story)


def later(sweeps, *, minutes: int = 11, thorough: bool = False) -> None:
    with sweeps.later(minutes=minutes):
        sweeps.begin(thorough=thorough)
        sweeps.story.work.settle()


def test_a_result_that_was_never_written_is(shown, sweeps):
    ada = shown.invited()
    shown.takes(ada)
    with shown.story.world.app.app_context(), transaction() as session:
        session.execute(delete(Work).where(Work.kind == "write_back"))
    sweeps.run()
    assert shown.notes(ada) == []  # it may still be on its way
    later(sweeps)
    assert len(shown.notes(ada)) == 1


def test_a_note_that_is_not_on_the_profile_is_written_again_once(shown, sweeps):
    ada = shown.invited()
    invitation = shown.takes(ada)
    shown.story.work()
    with shown.story.world.app.app_context():
        client = client_for(connections.get(shown.story.connection_id))
        client.delete_note(shown.write_back(invitation).note_id)
        db.session.remove()
    assert shown.notes(ada) == []
    later(sweeps)
    assert len(shown.notes(ada)) == 1
    later(sweeps)
    assert len(shown.notes(ada)) == 1


def test_notes_that_are_there_stay_and_are_looked_at_once(shown, sweeps):
    people = [shown.invited(f"person.{n}@example.org") for n in range(7)]
    for person in people:
        shown.takes(person)
    shown.story.work.settle()
    later(sweeps)
    assert [len(shown.notes(person)) for person in people] == [1] * 7
    asked = len(sweeps.calls(path="/messages", status="200"))
    later(sweeps)
    assert len(sweeps.calls(path="/messages", status="200")) == asked


def test_what_was_given_up_is_tried_again_by_a_thorough_sweep_only(shown, sweeps):
    ada = shown.invited()
    shown.takes(ada)
    with shown.story.world.app.app_context(), transaction() as session:
        session.execute(delete(Work).where(Work.kind == "write_back"))
        session.execute(update(WriteBack).values(state=WriteBackState.FAILED))
    later(sweeps)
    assert shown.notes(ada) == []
    later(sweeps, thorough=True)
    assert len(shown.notes(ada)) == 1


def test_a_result_that_is_being_written_is_not_written_down_again(shown, sweeps):
    ada = shown.invited()
    sweeps.fault("503", match={"path": "/messages/shares"})
    shown.takes(ada)
    shown.story.work()
    before = [row.id for row in shown.story.work.rows("write_back")]
    with sweeps.later(minutes=11):
        sweeps.begin(thorough=False)
        shown.story.work("sweep_results")
    assert [row.id for row in shown.story.work.rows("write_back")] == before


def test_a_note_that_is_replaced_while_it_is_looked_for_is_not_posted_again(
    shown, sweeps, monkeypatch
):
    ada = shown.invited()
    invitation = shown.takes(ada)
    shown.story.work()
    note_id = shown.write_back(invitation).note_id

    def notes(_client, _candidate_id):
        with transaction() as session:
            session.execute(update(WriteBack).values(note_text="scored again meanwhile"))
        return iter(())

    monkeypatch.setattr(SmartRecruiters, "notes", notes)
    later(sweeps)
    assert shown.write_back(invitation).note_id == note_id
    assert len(shown.notes(ada)) == 1


def test_a_second_try_that_finds_all_of_it_written_tells_nothing(shown):
    ada = shown.invited()
    invitation = shown.takes(ada)
    shown.story.work()
    told = shown.story.activity()
    with shown.story.world.app.app_context(), transaction():
        invitations.request_write_back(invitations.get(invitation))
    shown.story.work()
    assert shown.story.activity() == told


SETTINGS = [{}, {"gone_status": 403}, {"answers": "assumed"}]


@pytest.mark.parametrize("answers", SETTINGS)
def test_who_is_gone_or_out_of_reach_keeps_no_other_note_from_being_read_back(
    shown, sweeps, answers
):
    """GET /messages is a 400 for a candidate who does not exist, and a 403 for one out of reach."""
    shown.story.box.post("settings", answers)
    people = [shown.invited(f"person.{n}@example.org") for n in range(4)]
    invitations_of = [shown.takes(person) for person in people]
    shown.story.work.settle()
    gone, hidden, lost, there = people
    shown.deleted(gone)
    out_of_reach(shown, hidden)
    with shown.story.world.app.app_context():
        client = client_for(connections.get(shown.story.connection_id))
        client.delete_note(shown.write_back(invitations_of[2]).note_id)
        db.session.remove()
    later(sweeps)
    rows = shown.story.work.rows("sweep_results")
    assert {(row.state, row.failures) for row in rows} == {(WorkState.DONE, 0)}
    assert sweeps.latest()["going_on"] == 0
    assert all(shown.write_back(one).read_back_at for one in invitations_of[:2])
    assert shown.write_back(invitations_of[3]).read_back_at
    assert len(shown.notes(lost)) == len(shown.notes(there)) == 1
    with shown.story.world.app.app_context():
        assert connections.get(shown.story.connection_id).problem is None


@pytest.mark.parametrize("answers", SETTINGS)
def test_who_is_out_of_reach_is_given_up_and_written_when_they_are_back(shown, sweeps, answers):
    shown.story.box.post("settings", answers)
    ada = shown.invited()
    invitation = shown.takes(ada)
    out_of_reach(shown, ada)
    shown.story.work()
    assert shown.write_back(invitation).state is WriteBackState.FAILED
    assert {row.state for row in shown.story.work.rows("write_back")} == {WorkState.DONE}
    out_of_reach(shown, ada, False)
    later(sweeps, thorough=True)
    assert shown.write_back(invitation).state is WriteBackState.DONE
    assert len(shown.notes(ada)) == 1


@pytest.mark.parametrize("kind", ["garbage", "denied", "404"])
def test_notes_that_can_never_be_read_end_the_sweep_all_the_same(shown, sweeps, kind):
    ada = shown.invited()
    shown.takes(ada)
    shown.story.work.settle()
    sweeps.fault(kind, match={"path": "/messages"})
    later(sweeps)
    assert {row.state for row in shown.story.work.rows("sweep_results")} == {WorkState.DONE}
    assert len(shown.notes(ada)) == 1


def out_of_reach(shown, candidate, hidden: bool = True) -> None:
    path = f"companies/{shown.story.company}/candidates/{candidate['id']}"
    shown.story.box.post(path, {"outOfReach": hidden})
