"""Rules about what people are told: why somebody was not invited, and what a profile shows."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulation.customers import GRACE
from simulation.oracle.invitations import FOUND, Case, cases, usable
from simulation.product import facts

if TYPE_CHECKING:
    from simulation.play import Play

Found = Iterator[tuple[str, ...]]


def a_no_is_explained(play: "Play") -> Found:
    """Who was moved to the stage and not invited has a sentence that says why."""
    for case in cases(play):
        book = case.book
        waits = case.job * GRACE * 60 + FOUND
        if case.letters or not case.there or usable(book.address) or not _settled(play, case):
            continue
        if play.run.clock.elapsed - case.entered[-1] < waits or len(book.addresses) > 1:
            continue
        if not facts.reasons(book.ids) & {"no_email", "bad_email"}:
            yield (
                "invited once or explained",
                f"{book.name} has no usable address, was moved to the stage of {case.title}, and "
                "nothing on the profile says so",
                *case.needles,
            )


def a_corrected_address_is_mailed(play: "Play") -> Found:
    """An address corrected in SmartRecruiters gets the invitation, until its person has started."""
    for case in cases(play):
        book = case.book
        if book.person.kind != "new_address" or not case.there or not _settled(play, case):
            continue
        if book.opened or len(book.addresses) < 2 or not usable(book.address):
            continue
        if play.run.clock.elapsed - book.addresses[-1][0] < FOUND:
            continue
        corrected = (book.address or "").lower()
        if case.letters and all(letter.to.lower() != corrected for letter in case.letters):
            yield (
                "mailed at the right address",
                f"{book.name}'s address became {book.address}, and no invitation went there",
                *case.needles,
            )


def a_get_is_not_a_person(play: "Play") -> Found:
    """Whose link only scanners fetched has neither opened nor started anything."""
    states = facts.invitation_states()
    for book in play.books.people.values():
        if book.opened or book.person.temper not in ("scanner", "never"):
            continue
        for address, title, state in states:
            if address.lower() in book.ever() and state in ("opened", "started"):
                yield (
                    "a GET is not a person",
                    f"nobody opened the link to {title}, and {book.name} counts as {state}",
                    *sorted(book.ever()),
                )


def the_profile_shows_it(play: "Play") -> Found:
    """Who was invited or has finished has our tag that says so."""
    for case in cases(play):
        book, customer = case.book, case.customer
        if not case.alive or not _settled(play, case) or book.others or book.merged_at:
            continue
        if book.erased_at or book.cancelled_at or not case.letters:
            continue
        company = play.run.smartrecruiters.company(customer.company)
        tags = " ".join(company.candidates[book.candidate_id].tags)
        wanted = ["completed"] if case.title in book.finished else []
        for word in ("invited", *wanted):
            if word not in tags:
                yield (
                    "the profile shows it",
                    f"{book.name} is {word} for {case.title}, and no tag says so",
                    *case.needles,
                )


def who_can_not_be_reached_is_told(play: "Play") -> Found:
    """Whose mailbox does not exist is marked as undeliverable, which people see."""
    gone = {
        (address.lower(), title): state
        for address, title, state in facts.invitation_states()
        if address.lower() in play.run.mail.refused
    }
    for (address, title), state in sorted(gone.items()):
        if state in ("queued", "sent"):
            yield (
                "blamed on the right one",
                f"{address} does not exist, and the invitation to {title} is {state}",
                address,
            )


def _settled(play: "Play", case: Case) -> bool:
    """Whether nothing was wrong with this customer by its own doing."""
    number = case.customer.number
    own = (play.books.faulty, play.books.unsettled, play.books.cut_off)
    stopped = play.books.takes_nobody(number, case.job)
    return not any(number in one for one in own) and not stopped


CHECKS: tuple[Any, ...] = (
    a_no_is_explained,
    a_corrected_address_is_mailed,
    a_get_is_not_a_person,
    the_profile_shows_it,
    who_can_not_be_reached_is_told,
)
