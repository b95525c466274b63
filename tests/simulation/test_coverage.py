"""What a hunt saw, what it never saw, and what must never happen."""

from simulation.coverage import Coverage
from simulation.product import rows
from simulation.transitions import OUT_OF_REACH, can_happen, impossible, possible


def test_every_transition_is_between_states_that_there_are():
    states = rows.all_states()
    for noun, before, after in possible():
        assert before in states[noun] and after in states[noun]
    assert set(OUT_OF_REACH) <= set(possible())
    pairs = {(n, a, b) for n, those in states.items() for a in those for b in those if a != b}
    assert {*possible(), *impossible(states)} == pairs


def test_every_state_is_reached_and_all_but_final_ones_are_left():
    for noun, states in rows.all_states().items():
        entered = {after for n, _, after in possible() if n == noun}
        left = {before for n, before, _ in possible() if n == noun}
        final = {"invitation completed", "sitting finished", "work done"}
        for state in states:
            assert state in left or f"{noun} {state}" in final
            first = {"queued", "due", "pending", "under way", "open"}
            assert state in entered | first


def test_what_cannot_happen_is_a_finding_and_what_was_not_seen_is_named():
    coverage = Coverage()
    coverage.saw("invitation", "", "queued")
    coverage.saw("invitation", "queued", "sent")
    assert coverage.strange() == []
    assert not can_happen(("invitation", "completed", "sent"))
    coverage.saw("invitation", "completed", "sent")
    assert coverage.strange() == ["invitation went from completed to sent"]
    never = list(coverage.never())
    assert "invitation queued" not in never and "invitation queued → sent" not in never
    assert "invitation expired" in never and "work running → dead" in never
    assert "one 422" in never and "mailbox bounces" in never and "person in_parts" in never
