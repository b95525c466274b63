"""Rules about time: nobody late because of another, and reminders come once."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from simulation.clock import written
from simulation.oracle.invitations import SLACK, Case, cases, usable

if TYPE_CHECKING:
    from simulation.play import Play

Found = Iterator[tuple[str, ...]]

# Seconds from a move to its mail, at most, when nothing is wrong; a burst waits for its turn.
LATE = 240.0


def in_time(play: "Play") -> Found:
    """A customer without trouble is not late, whatever happens to the others."""
    # A read that lags is no excuse: it is read again within a minute.
    everybody = [
        (began, ended)
        for began, ended, what, company in play.troubles.times
        if not company and what != "call behind"
    ]
    for case in cases(play):
        if case.job or not case.letters or not case.entered or len(case.moves) > 2:
            continue
        came = case.entered[0]
        rough = any(began - 60 < came + LATE and ended + 900 > came for began, ended in everybody)
        person = case.book.person
        if rough or person.mailbox or not usable(person.email) or _disturbed(play, case):
            continue
        late = case.letters[0].at - came
        if late > LATE and case.there:
            yield (
                "nobody is late because of another",
                f"{case.book.name} was moved at {written(came)} and mailed {late:.0f} s later",
                *case.needles,
            )


def _disturbed(play: "Play", case: Case) -> bool:
    """Whether this customer had a trouble of its own."""
    number, company = case.customer.number, case.customer.company
    own = any(step.customer == number and step.person < 0 for step in play.plan.steps)
    return own or any(which == company for *_, which in play.troubles.times)


def reminded_once(play: "Play") -> Found:
    """No two reminders within half a day, unless somebody decided on a second invitation."""
    for case in cases(play):
        if case.book.anyway:
            continue
        reminders = [letter for letter in case.letters if letter.subject.startswith("Reminder")]
        pairs = pairwise(reminders)
        if any(b.at - a.at < 43200 and a.message_id != b.message_id for a, b in pairs):
            yield "reminded once", f"{case.book.name} was reminded twice at once", *case.needles


def once_in_two_profiles(play: "Play") -> Found:
    """Whoever has finished is not invited again under the profile that took over the first."""
    for case in cases(play):
        done, merged = case.book.finished.get(case.title), case.book.merged_at
        if done is None or merged is None or done > merged:
            continue
        if any(letter.at > merged + SLACK for letter in case.invitations):
            yield (
                "invited once",
                f"{case.book.name} had finished, was merged, and was invited again",
                *case.needles,
            )


CHECKS: tuple[Any, ...] = (in_time, reminded_once, once_in_two_profiles)
