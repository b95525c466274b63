"""Kinds of people whose story goes on for days, or takes a turn that is rare."""

from collections.abc import Callable

from simulation.customers import NUMBER, WANTED
from simulation.lives import KINDS, Draft, Drafted, moves
from simulation.plan import DAY, Step


def _interrupted(draft: Draft) -> Drafted:
    """The clock ends what was not finished, or not begun; a person gives more time."""
    tempers = ("starts", "stops", "opens", "never", "comes back", "comes back")
    at = DAY * draft.chance.choice((4.8, 5.3, 5.3, 6.3, 6.6))
    steps = [
        draft.step(draft.moment(0, 0.3), "apply"),
        *moves(draft, draft.moment(0.3, 0.6), WANTED),
    ]
    if draft.chance.random() < 0.7:
        steps.append(_late(draft, at, "extend"))
    return draft.person(temper=draft.chance.choice(tempers), mailbox=""), steps


def _gone_while_answering(draft: Draft) -> Drafted:
    """Deleted in SmartRecruiters between the first answer and the last."""
    at = draft.moment(0.3, 0.6)
    return draft.person(temper="slowly", mailbox=""), [
        draft.step(draft.moment(0, 0.3), "apply"),
        *moves(draft, at, WANTED),
        draft.step(at + draft.chance.choice((60.0, 300.0, 600.0)), "delete"),
    ]


def _came_back(draft: Draft) -> Drafted:
    """The mail was accepted and comes back later; often somebody knows a better address."""
    at = draft.moment(0.2, 0.5)
    mailbox = draft.chance.choice(("bounces", "bounces", "returns"))
    steps = [draft.step(draft.moment(0, 0.2), "apply"), *moves(draft, at, WANTED)]
    if draft.chance.random() < 0.6:
        act = draft.chance.choice(("address", "correct"))
        new = f"{'by-hand' if act == 'correct' else 'corrected'}.{draft.number}@people.example"
        steps.append(_late(draft, at + draft.chance.choice((900.0, 2400.0, 9000.0)), act, new))
    return draft.person(temper=draft.chance.choice(("opens", "finishes")), mailbox=mailbox), steps


def _in_parts(draft: Draft) -> Drafted:
    """At the one customer whose second job has a game before its questions."""
    draft.customer = NUMBER - 1
    tempers = ("finishes", "finishes", "stops", "two devices", "comes back")
    return draft.person(temper=draft.chance.choice(tempers), mailbox=""), [
        draft.step(draft.moment(0, 0.2), "apply", 1),
        *moves(draft, draft.moment(0.2, 0.5), WANTED, job=1),
    ]


def _late(draft: Draft, at: float, act: str, text: str = "") -> Step:
    """An act that may come after the storm. ``at`` in seconds after the beginning."""
    return Step(at, act, draft.customer, draft.number, text=text)


# In profiles that ask for them (Profile.late).
LATE_KINDS: dict[str, tuple[float, Callable[[Draft], Drafted]]] = {
    "interrupted": (8.0, _interrupted),
    "gone_while_answering": (2.0, _gone_while_answering),
    "came_back": (4.0, _came_back),
    "in_parts": (3.0, _in_parts),
}
EVERY_KIND = KINDS | LATE_KINDS
