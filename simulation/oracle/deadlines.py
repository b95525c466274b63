"""Rules about what a deadline ends, and what was given before it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulation.clock import written
from simulation.customers import DAYS
from simulation.oracle.invitations import Case, cases
from simulation.oracle.notes import notes_on
from simulation.product import facts

if TYPE_CHECKING:
    from simulation.play import Play

Found = Iterator[tuple[str, ...]]

DAY = 86400.0
# A started assessment may be finished for so many days after the deadline; and clocks look rarely.
TO_FINISH, LOOKING = 1.0, 0.25


def deadlines_end(play: "Play") -> Found:
    """Days after its deadline an invitation is over, by what its person did."""
    states: dict[tuple[str, str], list[str]] = {}
    for address, title, state in facts.invitation_states():
        states.setdefault((address.lower(), title), []).append(state)
    for case in cases(play):
        book = case.book
        if not case.letters or play.books.extended(case.letters[0].to) or book.by_hand:
            continue
        last = max(letter.at for letter in case.letters) + DAYS[case.job] * DAY
        began = book.started.get(case.title)
        over = last + ((TO_FINISH if began else 0) + LOOKING) * DAY
        if play.run.clock.elapsed < over:
            continue
        found = [one for a in book.ever() for one in states.get((a, case.title), [])]
        left = sorted(set(found) & {"sent", "opened", "started"})
        if left:
            yield (
                "no state that never ends",
                f"{book.name} is still {left[0]} for {case.title}, days after the deadline",
                *case.needles,
            )
        yield from _partly(play, case, found)


def _partly(play: "Play", case: Case, states: list[str]) -> Found:
    """Who answered a part of it and stopped is partly completed, and the profile says so."""
    book = case.book
    began = book.answered.get(case.title)
    untouched = not (book.merged_at or book.deleted_at or book.erased_at or book.cancelled_at)
    if began is None or case.title in book.finished or not untouched or book.others:
        return
    if "expired" in states and "partly_completed" not in states:
        yield (
            "what was given counts",
            f"{book.name} answered a part of {case.title} at {written(began)}, and the invitation "
            "expired as if nothing had been given",
            *case.needles,
        )
    broken = case.customer.number in play.books.faulty or case.customer.number in play.books.cut_off
    notes = notes_on(play, case.customer, {book.candidate_id})
    if "partly_completed" not in states or broken or book.finished:
        return
    if len(notes) != 1 or "partly completed" not in notes[0].content:
        yield (
            "what was given counts",
            f"{book.name} partly completed {case.title}, and the profile has {len(notes)} notes "
            "that say so",
            *case.needles,
        )


CHECKS: tuple[Any, ...] = (deadlines_end,)
