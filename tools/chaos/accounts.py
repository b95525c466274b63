"""Compares the sandbox's books with the mails, notes and activities that should have resulted."""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import select

from eqsr.activity.history import of_applications
from eqsr.activity.sentences import sentence
from eqsr.candidates.queries import known_application
from eqsr.connections import service as connections
from eqsr.core.db import db
from eqsr.outbox.models import Work, WorkState
from tools.chaos.books import Books, Case, read
from tools.chaos.installation import Installation
from tools.chaos.takers import Finished

INVITED_TAG, COMPLETED_TAG = "Equalture invited", "Equalture completed"

# Kinds of activity that explain why somebody in the stage got no mail.
REASONS = {
    "left_stage",
    "moved_before_connecting",
    "no_email",
    "bad_email",
    "job_not_open",
    "candidate_gone",
    "application_gone",
    "mail_refused",
}


@dataclass
class Account:
    """Result of the comparison; ``offences`` lists violations with the candidate's activities."""

    books: Books
    figures: dict[str, int] = field(default_factory=dict)
    offences: list[str] = field(default_factory=list)


def settle_accounts(
    here: Installation, customers, finished: set[Finished], excuses: int
) -> Account:
    """Compare the books with the database.

    ``excuses``: number of events that may legitimately repeat a mail (same Message-ID).
    """
    account = Account(read(here.box, customers))
    with here.app.app_context():
        _invitations(account, excuses)
        _results(account, finished)
        _reasons(account)
        _dead(account)
        db.session.remove()
    return account


def _keys(case: Case) -> set[tuple[str | None, str]]:
    """The addresses under which the person may have been invited to the job, and its title.

    What was sent to a profile counts for the one that it was merged into.
    """
    addresses = {case.address, case.former} if case.former else {case.address}
    return {(address, case.title) for address in addresses}


def _invitations(account: Account, excuses: int) -> None:
    books = account.books
    must = {
        (case.address, case.title): case
        for case in books.cases
        if case.must and not (case.former and (case.former, case.title) in books.mails)
    }
    may = {(case.address, case.title): case for case in books.cases if case.may}
    for key, case in must.items():
        if key not in books.mails:
            _offend(account, "should have been invited and was not", case)
    for key, message_ids in books.mails.items():
        if key not in may:
            account.offences.append(f"{key} was mailed and should not have been")
        elif len(set(message_ids)) > 1:
            _offend(account, f"was invited {len(set(message_ids))} times", may[key])
    repeats = sum(len(ids) - len(set(ids)) for ids in books.mails.values())
    if repeats > excuses:
        account.offences.append(f"{repeats} repeated mails, but only {excuses} excuses for one")
    account.figures |= {
        "moves": books.moves,
        "applications": len(books.cases),
        "should be invited": len(must),
        "invited": sum(key in books.mails for key in must),
        "passed through, invited": sum(key in books.mails for key in may.keys() - must.keys()),
        "mails": sum(len(ids) for ids in books.mails.values()),
        "of them repeated": repeats,
    }


def _results(account: Account, finished: set[Finished]) -> None:
    books, shown = account.books, 0
    done = {(one.address, one.title) for one in finished}
    tagged: dict[tuple[str, str], set[str]] = {}
    for case in books.cases:
        if not case.alive:
            continue
        place, keys = (case.customer.company, case.candidate_id), _keys(case)
        notes = [text for text in books.notes.get(place, []) if f"for {case.title}:" in text]
        if len(notes) != bool(keys & done):
            _offend(account, f"has {len(notes)} notes, finished: {bool(keys & done)}", case)
        if any("View details: " not in text for text in notes):
            _offend(account, "has a note without View details", case)
        shown += len(notes)
        wanted = tagged.setdefault(place, set())
        wanted |= {INVITED_TAG} if keys & books.mails.keys() else set()
        wanted |= {COMPLETED_TAG} if keys & done else set()
    for case in books.cases:
        place = (case.customer.company, case.candidate_id)
        if case.alive and Counter(books.tags.get(place, [])) != Counter(tagged[place]):
            _offend(account, f"has tags {books.tags.get(place)}, not {tagged[place]}", case)
    alive = {key for case in books.cases if case.alive for key in _keys(case)}
    account.figures |= {"finished": len(done & alive), "results shown": shown}


def _reasons(account: Account) -> None:
    """Check that an activity explains why a person in the stage got no mail."""
    explained, unknown = Counter(), 0
    for case in account.books.cases:
        there = case.entered or case.was_there_before
        if not there or _keys(case) & account.books.mails.keys():
            continue
        lines = _lines(case)
        reasons = [line.kind for line in lines if line.kind in REASONS]
        if reasons:
            explained[reasons[-1]] += 1
        elif not case.alive:
            unknown += 1  # deleted before we read it: SmartRecruiters says nothing about it
        else:
            _offend(account, "was not invited, and the activity log does not say why", case)
    account.figures["not invited, explained"] = sum(explained.values())
    account.figures |= {f"  {kind}": number for kind, number in sorted(explained.items())}
    account.figures["deleted before we knew"] = unknown


def _dead(account: Account) -> None:
    dead = db.session.scalars(select(Work).where(Work.state == WorkState.DEAD)).all()
    account.figures["dead work"] = len(dead)
    # A failed health check opened a problem, and the next check closed it.
    lost = [work for work in dead if work.kind != "check_health"]
    account.offences += [f"dead: {work.kind}: {work.last_error}" for work in lost]


def _offend(account: Account, what: str, case: Case) -> None:
    who = f"{case.address} on {case.title}, {'' if case.alive else 'deleted, '}now in {case.stage}"
    entered = ", ".join(f"{at:%H:%M:%S}" for at in case.entered)
    lines = [f"    {line.at:%H:%M:%S} {sentence(line)}" for line in _lines(case)]
    account.offences.append("\n".join([f"{who}: {what} (came in {entered})", *lines]))


def _lines(case: Case):
    connection = connections.get(case.customer.connection_id)
    ats_job = case.customer.ats_jobs[case.customer.titles.index(case.title)]
    application = known_application(connection, case.candidate_id, ats_job)
    return of_applications([application.id]) if application else []
