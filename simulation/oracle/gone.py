"""Rules about people who were deleted, jobs that take nobody, and links that end too early."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulation.clock import written
from simulation.customers import DAYS, GRACE
from simulation.mail_server import Letter
from simulation.oracle.invitations import SLACK, Case, cases
from simulation.product import facts

if TYPE_CHECKING:
    from simulation.play import Play

Found = Iterator[tuple[str, ...]]

DAY = 86400.0
# Our copy of somebody who was deleted in SmartRecruiters ends after these days.
KEPT_DAYS = 30
# A mail reads the person and the job again, unless that was done so many seconds ago.
READ_LATELY = 120.0


def deleted_are_left_alone(play: "Play") -> Found:
    """Who was deleted in SmartRecruiters is neither invited nor reminded."""
    for case in cases(play):
        gone = case.book.deleted_at
        if gone is None or case.book.by_hand or case.book.anyway:
            continue
        late = [
            letter
            for letter in case.letters
            if asks(letter) and letter.at > gone + SLACK + READ_LATELY
            and could_be_asked(play, case, letter.at) and not _started(case, letter.at)
        ]  # fmt: skip
        if late:
            yield (
                "nothing after a deletion",
                f"{case.book.name} was deleted at {written(gone)} and got "
                f"{late[0].subject!r} at {written(late[0].at)}",
                *case.needles,
            )


def copies_end(play: "Play") -> Found:
    """A month after a deletion in SmartRecruiters we hold no name and no address any more."""
    kept = facts.addresses_of_candidates()
    for book in play.books.people.values():
        customer = play.run.customers[book.person.customer]
        if book.deleted_at is None or customer.number in play.books.faulty:
            continue
        ours = sorted(address for address in book.ever() if address in kept)
        if ours and play.run.clock.elapsed > book.deleted_at + (KEPT_DAYS + 1) * DAY:
            yield (
                "nothing is kept of who was deleted",
                f"{book.name} was deleted at {written(book.deleted_at)}, and we still hold "
                f"{ours[0]}",
                book.candidate_id,
                *ours,
            )


def stopped_jobs_invite_nobody(play: "Play") -> Found:
    """Nobody is invited or reminded while the SmartRecruiters job is filled, or ours closed."""
    for case in cases(play):
        if case.book.by_hand or case.book.anyway:
            continue
        for since, until in play.books.takes_nobody(case.customer.number, case.job):
            late = [
                letter
                for letter in case.letters
                if asks(letter) and since + SLACK + READ_LATELY < letter.at < until
                and could_be_asked(play, case, letter.at) and not _started(case, letter.at)
            ]  # fmt: skip
            if late:
                yield (
                    "a job that takes nobody",
                    f"{case.title} took nobody since {written(since)}, and {case.book.name} got "
                    f"{late[0].subject!r} at {written(late[0].at)}",
                    *case.needles,
                )


def links_work(play: "Play") -> Found:
    """A link that was mailed leads to the assessment until something ends it."""
    for case in cases(play):
        book, number = case.book, case.customer.number
        if book.by_hand or book.anyway or book.cancelled_at or book.erased_at:
            continue
        own = book.person.kind not in ("new_address", "without_address")
        if not own or number in play.books.cut_off or number in play.books.unsettled:
            continue
        for at, title, mailed, said in book.turned_away:
            gone = book.deleted_at is not None and at >= book.deleted_at
            over = at > mailed + DAYS[case.job] * DAY
            if title != case.title or gone or over or _stopped(play, case, at):
                continue
            yield (
                "a link works until it ends",
                f"{book.name} opened the link to {title} at {written(at)} and {said}",
                *case.needles,
            )


def asks(letter: Letter) -> bool:
    """Whether a mail asks somebody to take the assessment."""
    return " invites you to " in letter.subject or letter.subject.startswith("Reminder")


def could_be_asked(play: "Play", case: Case, at: float) -> bool:
    """Whether nothing kept us from reading the person and the job again before a mail."""
    if case.customer.number in play.books.faulty:
        return False
    return not any(
        began - 60 < at and ended + 600 > at - SLACK
        for began, ended, what, company in play.troubles.times
        if what.split()[0] in ("call", "one", "database", "broker", "clock", "stall")
        and company in ("", case.customer.company)
    )


def _started(case: Case, at: float) -> bool:
    """Whether the person may have started; who has may finish."""
    return any(opened <= at for opened in case.book.opened)


def _stopped(play: "Play", case: Case, at: float) -> bool:
    stops = play.books.takes_nobody(case.customer.number, case.job)
    return any(since <= at < until + GRACE * 60 for since, until in stops)


CHECKS: tuple[Any, ...] = (
    deleted_are_left_alone,
    copies_end,
    stopped_jobs_invite_nobody,
    links_work,
)
