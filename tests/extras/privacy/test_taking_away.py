"""What was written to SmartRecruiters is taken away again, whatever happens midway."""

import pytest

from eqsr.results import withdrawal
from eqsr.results.models import WriteBackState
from eqsr.smartrecruiters.client import SmartRecruiters
from tests.crashing import Boundaries, Killed
from tests.extras.privacy.marked import EMAIL, Marked, traces
from tests.results.attachments import switch


@pytest.mark.slow
def test_nothing_is_lost_when_the_worker_is_killed(results_of, no_limits, monkeypatch):
    """Between the database and SmartRecruiters, before and after every step."""
    boundaries = Boundaries(
        monkeypatch,
        (SmartRecruiters, "delete_note"),
        (SmartRecruiters, "delete_attachment"),
        (withdrawal, "change"),
    )
    switch(results_of)
    number, killed = 0, True
    while killed:
        number += 1
        marked = Marked(results_of)
        marked.erase()
        with boundaries.killing_at(number):
            killed = was_killed(results_of.story.work)
        results_of.story.work.lapse_leases()
        results_of.story.work.settle()
        assert results_of.notes(marked.candidate) == [], number
        assert results_of.story.profile(marked.candidate)["attachments"] == [], number
        assert traces(marked.world.app) == [], number
    assert number > 8


def was_killed(work) -> bool:
    try:
        work("write_back")
    except Killed:
        return True
    return False


def test_a_note_whose_id_was_never_told_is_told_of(results_of, monkeypatch):
    boundaries = Boundaries(monkeypatch, (SmartRecruiters, "add_note"))
    ada = results_of.invited(EMAIL)
    invitation_id = results_of.takes(ada)
    with boundaries.killing_at(2), pytest.raises(Killed):
        results_of.story.work("write_back")
    (invitation,) = results_of.story.invitations()
    marked = Marked.__new__(Marked)
    marked.shown, marked.application_id = results_of, invitation.application_id
    marked.erase()
    results_of.story.work.lapse_leases()
    results_of.story.work.settle()
    assert len(results_of.notes(ada)) == 1
    assert "Delete it there by hand." in " ".join(results_of.story.activity())
    assert results_of.write_back(invitation_id).state is WriteBackState.DONE
    assert traces(marked.world.app) == []


@pytest.mark.parametrize("answers", [{}, {"gone_status": 403}])
def test_of_a_candidate_who_is_gone_nothing_is_left_to_take_away(results_of, monkeypatch, answers):
    """GET /messages is a 400 for them: nothing that needs to be deleted by hand."""
    results_of.story.box.post("settings", answers)
    boundaries = Boundaries(monkeypatch, (SmartRecruiters, "add_note"))
    ada = results_of.invited(EMAIL)
    invitation_id = results_of.takes(ada)
    with boundaries.killing_at(2), pytest.raises(Killed):
        results_of.story.work("write_back")
    (invitation,) = results_of.story.invitations()
    marked = Marked.__new__(Marked)
    marked.shown, marked.application_id = results_of, invitation.application_id
    marked.erase()
    results_of.deleted(ada)
    results_of.story.work.lapse_leases()
    results_of.story.work.settle()
    assert results_of.write_back(invitation_id).state is WriteBackState.DONE
    assert "Delete it there by hand." not in " ".join(results_of.story.activity())
