"""Rules about what SmartRecruiters' profiles show."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulation.books import PersonBook
from simulation.clock import written
from simulation.customers import Customer
from simulation.product import facts

if TYPE_CHECKING:
    from sandbox.state import Note
    from simulation.play import Play

Found = Iterator[tuple[str, ...]]


def notes_on(play: "Play", customer: Customer, candidates: set[str]) -> list["Note"]:
    """The notes on these profiles that were not deleted."""
    company = play.run.smartrecruiters.company(customer.company)
    ids = [one for each in sorted(candidates) for one in company.notes_of_candidate.get(each, [])]
    return [company.notes[one] for one in ids if company.notes[one].deleted_on is None]


def _of_person(book: PersonBook) -> set[str]:
    """The profiles on which a note about this person may be; a merged one keeps its notes."""
    return book.ids - {book.merged_from} if book.merged_at else book.ids


def _finishers(play: "Play") -> Iterator[tuple[PersonBook, Customer]]:
    for book in play.books.people.values():
        if book.finished and book.deleted_at is None:
            yield book, play.run.customers[book.person.customer]


def one_note_each(play: "Play") -> Found:
    """Whoever has finished has one note, with their own address in it; nobody has two."""
    for book, customer in _finishers(play):
        broken = customer.number in play.books.faulty or play.books.cut_off.get(customer.number)
        notes = notes_on(play, customer, _of_person(book))
        jobs = len(book.finished) + len(book.anyway)
        if len(notes) > jobs:
            yield (
                "one note",
                f"{book.name} has {len(notes)} notes on the profile for {jobs} result(s)",
                book.candidate_id,
                *sorted(book.ever()),
            )  # fmt: skip
        if not notes and not broken and not book.erased_at and not book.merged_from:
            title, at = next(iter(book.finished.items()))
            yield (
                "one note",
                f"{book.name} finished {title} at {written(at)}, and the profile has no note",
                book.candidate_id,
                *sorted(book.ever()),
            )  # fmt: skip
        for note in notes:
            if "View details: http" not in note.content:
                yield "one note", f"{book.name}'s note has no link", book.candidate_id


def notes_match(play: "Play") -> Found:
    """A note says what our own records say of that person."""
    known = facts.note_scores()
    for book, customer in _finishers(play):
        for note in notes_on(play, customer, _of_person(book)):
            link = note.content.rsplit("/candidates/", 1)[-1].split()[0]
            if link not in known:
                yield "the note's link", f"{book.name}'s note leads nowhere", book.candidate_id
                continue
            ats_id, results = known[link]
            if ats_id not in book.ids:
                yield (
                    "the note's link",
                    f"{book.name}'s note leads to somebody else's profile",
                    book.candidate_id,
                )  # fmt: skip
            matches = any(
                all(words in note.content for words in result) for result in results.values()
            )
            if not matches and not book.erased_at:
                yield (
                    "the note matches the score",
                    f"{book.name}'s note has other scores than our own records",
                    book.candidate_id,
                )  # fmt: skip


def nobody_without_result(play: "Play") -> Found:
    """A note is only on the profile of somebody who has finished, or had begun to answer."""
    for book in play.books.people.values():
        # A part of it is a result once its time is over.
        part = book.started and book.person.temper != "starts"
        if book.finished or part or not book.candidate_id:
            continue
        customer = play.run.customers[book.person.customer]
        if notes_on(play, customer, _of_person(book)):
            yield (
                "a note needs a result",
                f"{book.name} has a note without having finished",
                book.candidate_id,
            )  # fmt: skip


def erased_in_smartrecruiters(play: "Play") -> Found:
    """After an erasure the profile in SmartRecruiters shows nothing of ours, and ours neither."""
    names = facts.addresses_kept()
    for book in play.books.people.values():
        if book.erased_at is None or book.deleted_at is not None or len(book.finished) > 1:
            continue
        customer = play.run.customers[book.person.customer]
        broken = customer.number in play.books.faulty or play.books.cut_off.get(customer.number)
        if not broken:
            notes = notes_on(play, customer, _of_person(book))
            if notes:
                yield (
                    "nothing after erasure",
                    f"{book.name} was erased at {written(book.erased_at)}, and the note is still "
                    "in SmartRecruiters",
                    book.candidate_id,
                    *sorted(book.ever()),
                )  # fmt: skip
        kept = sorted(address for address in book.ever() if address in names)
        if kept:
            yield (
                "nothing after erasure",
                f"{book.name} was erased, and we still hold {kept[0]}",
                book.candidate_id,
                *kept,
            )  # fmt: skip


CHECKS: tuple[Any, ...] = (
    one_note_each,
    notes_match,
    nobody_without_result,
    erased_in_smartrecruiters,
)
