"""Rules about being invited and about mails."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from simulation.books import PersonBook
from simulation.clock import BEGINNING, written
from simulation.customers import GRACE, WANTED, Customer
from simulation.mail_server import Letter
from simulation.product import facts

if TYPE_CHECKING:
    from simulation.play import Play

Found = Iterator[tuple[str, ...]]

# A clock of ours may be this wrong in a run, and a mail may be on its way for this long.
SLACK = 200.0
# What a person decides here counts at once, but for a mail that is in the server's hands already.
UNDER_WAY = 60.0
# Seconds for which recording a 250 is tried while the database is away, before it is given up.
RECORDING = 15.0
# Seconds in which sweeps find what webhooks missed, by the slowest clock of a plan.
FOUND = 3000.0


class Case:
    """One person at one connected job, in their final state in SmartRecruiters."""

    def __init__(self, play: "Play", book: PersonBook, customer: Customer, job: int) -> None:
        self.book, self.customer, self.job = book, customer, job
        self.title = customer.titles[job]
        company = play.run.smartrecruiters.company(customer.company)
        ats_job = customer.ats_jobs[job]
        ids = {book.candidate_id, book.merged_from} - {""}  # not a second profile's: doubles.py
        moves = [
            one for one in company.moves if one["candidateId"] in ids and one["jobId"] == ats_job
        ]
        self.moves = [
            (datetime.fromisoformat(one["at"]).timestamp() - BEGINNING,
             (one["status"], one["subStatus"])) for one in moves
        ]  # fmt: skip
        candidate = company.candidates.get(book.candidate_id)
        application = candidate.applications.get(ats_job) if candidate else None
        self.alive = application is not None
        self.there = application is not None and (
            application.status, application.sub_status) == WANTED  # fmt: skip
        self.entered = [at for at, stage in self.moves if stage == WANTED]
        self.letters = [
            letter
            for letter in play.run.mail.letters
            if letter.to.lower() in book.ever() and letter.subject.endswith(self.title)
        ]

    def stayed(self, play: "Play") -> bool:
        """Whether the person was ever in the stage for as long as the grace lasts."""
        ends = [*(at for at, _ in self.moves[1:]), play.run.clock.elapsed]
        stays = [
            end - at for (at, stage), end in zip(self.moves, ends, strict=True) if stage == WANTED
        ]
        return max(stays, default=0.0) > GRACE * 60 - SLACK

    @property
    def invitations(self) -> list[Letter]:
        """The letters that are the first mail of an invitation."""
        return [one for one in self.letters if " invites you to " in one.subject]

    @property
    def needles(self) -> tuple[str, ...]:
        """By what the timeline is filtered."""
        return (self.book.candidate_id, self.book.merged_from, *sorted(self.book.ever()))


def cases(play: "Play") -> list[Case]:
    """All people who ever applied to a connected job."""
    found = []
    for book in play.books.people.values():
        customer = play.run.customers[book.person.customer]
        if book.candidate_id:
            found += [Case(play, book, customer, job) for job in (0, 1)]
    return [case for case in found if case.moves]


def usable(address: str | None) -> bool:
    """Whether the plan's addresses can be written to."""
    return bool(address) and address is not None and address.endswith("@people.example")


def must_be_invited(play: "Play") -> Found:
    """Whoever was moved there while it was watched, and is still there, has the mail."""
    for case in cases(play):
        if not _must(play, case) or case.letters:
            continue
        if _explained(play, case):
            continue
        at = written(case.entered[-1])
        yield (
            "invited once or explained",
            f"{case.book.name} of {case.customer.name} was moved to the stage at {at}, is "
            f"there, and got no mail for {case.title}",
            *case.needles,
        )  # fmt: skip


def _must(play: "Play", case: Case) -> bool:
    book, number = case.book, case.customer.number
    if not (case.there and case.entered and usable(book.address)):
        return False
    if book.erased_at or book.cancelled_at or book.deleted_at is not None or book.merged_from:
        return False
    if number in play.books.unsettled or play.books.cut_off.get(number):
        return False
    if book.person.mailbox in ("gone", "full", "later"):
        return False
    waits = case.job * GRACE * 60 + FOUND
    opened = play.books.takes_nobody(number, case.job)
    counts = max(case.entered[-1], *(until for _, until in opened), 0.0)
    return play.run.clock.elapsed - counts > waits


def _explained(play: "Play", case: Case) -> bool:
    """A sentence on the profile says why not; only for customers who broke something."""
    return case.customer.number in play.books.faulty and not facts.is_active(
        case.customer.connection_id
    )


def may_be_invited(play: "Play") -> Found:
    """Nobody is mailed who never was in the stage."""
    for case in cases(play):
        if case.letters and not case.entered and not case.book.by_hand:
            yield (
                "nobody is invited who was not moved",
                f"{case.book.name} never was in the stage and got {case.letters[0].subject!r}",
                *case.needles,
            )  # fmt: skip
        if case.job == 1 and case.letters and not case.book.by_hand and not case.stayed(play):
            yield (
                "the grace is waited for",
                f"{case.book.name} left within {GRACE} minutes each time, and was mailed",
                *case.needles,
            )
        if case.invitations and case.entered and not case.book.by_hand:
            first = case.invitations[0].at
            if first < case.entered[0] + case.job * GRACE * 60 - SLACK:
                yield (
                    "nobody is invited who was not moved",
                    f"{case.book.name} was mailed before the move, or before the grace was over",
                    *case.needles,
                )  # fmt: skip


def invited_once(play: "Play") -> Found:
    """One invitation, and its mail twice only where SMTP or a crash left it open."""
    for case in cases(play):
        by_id: dict[str, list[Letter]] = defaultdict(list)
        for letter in case.invitations:
            by_id[letter.message_id].append(letter)
        same = len({letter.to.lower() for letter in case.invitations}) == 1
        twice = case.book.by_hand or case.book.merged_from or case.book.others
        if len(by_id) > 1 and same and not twice:
            yield (
                "invited once",
                f"{case.book.name} was invited {len(by_id)} times to {case.title}",
                *case.needles,
            )
        for letters in by_id.values():
            if len(letters) > 1 and not _window(play, letters):
                yield (
                    "mailed once",
                    f"{case.book.name} got the same mail {len(letters)} times, and nothing "
                    f"explains it",
                    *case.needles,
                )  # fmt: skip


def _window(play: "Play", letters: list[Letter]) -> bool:
    """Whether a lost 250, a dead or stalled worker, or a database that was away for long explains
    two copies: a commit that failed once does not, because it is tried again."""
    if letters[0].to.lower() in play.run.mail.dropped_after_250:
        return True
    first, last = letters[0].at, letters[-1].at
    # Who is killed can die only between 250 and the commit; who stands still goes on much later.
    since = {"is killed": first - 1, "stands still": first - 700, "goes on": first - 1}
    if any(
        line.kind == "process" and since[what] <= line.at <= last + 1
        for line in play.run.log.lines
        for what in since
        if line.text.endswith(what)
    ):
        return True
    if last - first < RECORDING:
        return False
    return any(
        what in ("database away", "database read-only", "database commits fail", "database locked")
        and ended - began > 8
        and began - 60 <= first <= ended + 60
        for began, ended, what, _ in play.troubles.times
    )


def at_the_right_address(play: "Play") -> Found:
    """No mail goes to an address that had been replaced long before."""
    for case in cases(play):
        for (_, old), (changed, new) in zip(
            case.book.addresses, case.book.addresses[1:], strict=False
        ):
            late = [
                letter
                for letter in case.letters
                if old and letter.to.lower() == old.lower() != (new or "").lower()
                and letter.at > changed + _slack(new) and not _heard_late(play, case, new)
            ]  # fmt: skip
            if late and not case.book.merged_from:
                yield (
                    "mailed at the right address",
                    f"{case.book.name} was mailed at {old} long after it became {new}",
                    *case.needles,
                )  # fmt: skip


def _slack(new: str | None) -> float:
    """Who corrects an address here is obeyed at once; SmartRecruiters' event may come late."""
    return UNDER_WAY if new and new.startswith("by-hand.") else 5400.0


def _heard_late(play: "Play", case: Case, new: str | None) -> bool:
    """Whether the customer's connection did not work, so that we could not know."""
    number = case.customer.number
    here = bool(new and new.startswith("by-hand."))
    return not here and (number in play.books.faulty or bool(play.books.cut_off.get(number)))


def nothing_after_erasure(play: "Play") -> Found:
    """Whoever was erased is not written to, and nothing of them is kept."""
    for book in play.books.people.values():
        if book.erased_at is None:
            continue
        late = [
            letter
            for address in sorted(book.ever())
            for letter in play.run.mail.to(address)
            if letter.at > book.erased_at + SLACK and "is deleted" not in letter.subject
        ]
        if late:
            yield (
                "nothing after erasure",
                f"{book.name} was erased at {written(book.erased_at)} and mailed "
                f"{late[0].subject!r} at {written(late[0].at)}",
                book.candidate_id,
                *sorted(book.ever()),
            )  # fmt: skip


def nothing_after_cancelling(play: "Play") -> Found:
    """A cancelled invitation mails nothing more."""
    for book in play.books.people.values():
        if book.cancelled_at is None or book.by_hand:
            continue
        late = [
            letter
            for address in sorted(book.ever())
            for letter in play.run.mail.to(address)
            if letter.at > book.cancelled_at + UNDER_WAY
        ]
        if late:
            yield (
                "nothing after cancelling",
                f"{book.name} was cancelled at {written(book.cancelled_at)} and mailed later",
                book.candidate_id,
                *sorted(book.ever()),
            )  # fmt: skip


def only_the_recipient_is_blamed(play: "Play") -> Found:
    """An address is undeliverable only if the server said so of the address."""
    for address, fault in facts.blamed():
        refused = address.lower() in play.run.mail.refused
        if fault == "recipient" and not refused and usable(address):
            yield (
                "blamed on the right one",
                f"{address} counts as undeliverable, but nobody refused it",
                address,
            )  # fmt: skip


CHECKS: tuple[Any, ...] = (
    must_be_invited,
    may_be_invited,
    invited_once,
    at_the_right_address,
    nothing_after_erasure,
    nothing_after_cancelling,
    only_the_recipient_is_blamed,
)
# Those that hold at every moment.
SAFE: tuple[Any, ...] = (invited_once, nothing_after_erasure, nothing_after_cancelling)
