"""Rules about one person on two profiles or two jobs, and about profiles that were merged."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulation.books import PersonBook
from simulation.clock import written
from simulation.customers import WANTED
from simulation.oracle.invitations import SLACK, Case, cases
from simulation.product import facts

if TYPE_CHECKING:
    from simulation.play import Play

Found = Iterator[tuple[str, ...]]


def held_until_decided(play: "Play") -> Found:
    """On two profiles of one job a person is invited once, and again only if somebody decides."""
    for case in cases(play):
        if not _comes_twice(case) or case.book.by_hand:
            continue
        first = min((letter.at for letter in case.invitations), default=0.0)
        decided = case.book.anyway
        ids = {one.message_id for one in case.invitations if one.at > first}
        early = {
            one.message_id
            for one in case.invitations
            if not decided or one.at < decided[0]
        }  # fmt: skip
        if len(early) > 1 or len(ids) > 2:
            yield (
                "invited once",
                f"{case.book.name} is on two profiles, nobody decided, and was invited twice to "
                f"{case.title}",
                *case.needles,
            )  # fmt: skip


def second_profile_is_told(play: "Play") -> Found:
    """Of two profiles in the stage one is invited, and for the other one somebody is asked."""
    for case in cases(play):
        book, number = case.book, case.customer.number
        if not _comes_twice(case) or book.anyway or book.merged_at or not case.invitations:
            continue
        if number in play.books.faulty or number in play.books.unsettled:
            continue
        company = play.run.smartrecruiters.company(case.customer.company)
        ats_job = case.customer.ats_jobs[case.job]
        there = [
            one for one in book.ids
            if (found := company.candidates.get(one)) and ats_job in found.applications
            and _stage(found.applications[ats_job]) == WANTED
        ]  # fmt: skip
        if len(there) < 2 or facts.held(case.customer.connection_id, book.ids):
            continue
        yield (
            "invited once or explained",
            f"{book.name} is on two profiles in the stage of {case.title}, and nobody is asked "
            "whether to invite the second",
            *case.needles,
        )


def invited_once_through_a_merge(play: "Play") -> Found:
    """One invitation per person, also once its profile was merged into another one."""
    for case in cases(play):
        book = case.book
        if book.merged_at is None or book.by_hand or book.anyway:
            continue
        before = [one for one in case.invitations if one.at < book.merged_at]
        after = {one.message_id for one in case.invitations if one.at > book.merged_at + SLACK}
        again = after - {one.message_id for one in before}
        if before and again:
            yield (
                "invited once",
                f"{book.name} was invited at {written(before[0].at)}, merged, and invited again",
                *case.needles,
            )


def used_again_by_its_own(play: "Play") -> Found:
    """A result is used for another job only for the one who gave it, and who agreed."""
    whose = {
        one: (book, name)
        for book in play.books.people.values()
        for one, name in _names(book).items()
    }
    for ours, title, given_by in facts.used_again():
        book, name = whose.get(ours, (None, ""))
        _, giver = whose.get(given_by, (None, ""))
        if book is None or name != giver:
            yield (
                "a result is its own person's",
                f"the result that {giver or given_by} gave is used for {name or ours} and {title}",
                ours,
                given_by,
            )  # fmt: skip
        elif title not in book.agreed:
            yield (
                "a result is used again with consent",
                f"{name}'s earlier result is used for {title}, and they did not agree",
                ours,
            )  # fmt: skip


def _names(book: PersonBook) -> dict[str, str]:
    own = {one: book.name for one in (book.candidate_id, book.merged_from) if one}
    return own | book.others


def _comes_twice(case: Case) -> bool:
    return case.job == 0 and len(case.book.ids) > 1 and case.book.name in case.book.others.values()


def _stage(application: Any) -> tuple[str, str | None]:
    return application.status, application.sub_status


CHECKS: tuple[Any, ...] = (
    held_until_decided,
    second_profile_is_told,
    invited_once_through_a_merge,
    used_again_by_its_own,
)
