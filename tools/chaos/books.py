"""The sandbox's books, sorted: who was in which stage when, and their mails and notes."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.services.sandbox import Sandbox
from tools.chaos.customers import Customer, admin_of
from tools.chaos.plan import BAD_ADDRESSES, CONNECTED, WANTED, Stage


@dataclass
class Case:
    """One application to a connected job, in its final state in SmartRecruiters.

    ``entered``: times when it entered the watched stage after the job was connected. ``former``:
    the address of the profile that was merged into this one.
    """

    customer: Customer
    candidate_id: str
    title: str
    address: str | None
    alive: bool
    stage: Stage
    entered: list[datetime]
    was_there_before: bool
    former: str | None = None

    @property
    def reachable(self) -> bool:
        return bool(self.address) and self.address not in BAD_ADDRESSES

    @property
    def refused(self) -> bool:
        return bool(self.address) and self.address.endswith("@nowhere.example")

    @property
    def must(self) -> bool:
        """Whether it must be invited: it entered the stage while watched and is still there."""
        there = self.alive and self.stage == WANTED and bool(self.entered)
        return there and self.reachable and not self.refused

    @property
    def may(self) -> bool:
        """Whether it may be invited: it entered the stage, even if it left or was deleted later."""
        return bool(self.entered) and self.reachable and not self.refused


@dataclass
class Books:
    cases: list[Case] = field(default_factory=list)
    # Message-IDs of the accepted mails, with repeats, by (address, job title).
    mails: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    # Texts of the notes and the tags on a profile, by (company, candidate).
    notes: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    tags: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    moves: int = 0
    limits: list[dict[str, Any]] = field(default_factory=list)
    deliveries: dict[str, int] = field(default_factory=dict)


def read(box: Sandbox, customers: list[Customer]) -> Books:
    found = Books(limits=box.get("limits"), deliveries=box.get("deliveries/summary"))
    admins = {admin_of(customer.number) for customer in customers}
    for mail in box.get("mails", brief="1"):
        title = mail["subject"].rsplit(": ", 1)[-1]
        for address in set(mail["to"]) - admins:
            found.mails[address, title].append(mail["message_id"])
    for customer in customers:
        _read_company(box, customer, found)
    return found


def _read_company(box: Sandbox, customer: Customer, found: Books) -> None:
    books = box.get(f"companies/{customer.company}/books")
    people = box.get(f"companies/{customer.company}/candidates")
    for note in books["notes"]:
        if note["deletedOn"] is None:
            for candidate_id in note["candidateIds"]:
                found.notes[customer.company, candidate_id].append(note["content"])
    for candidate_id, tags in books["tagsByCandidate"].items():
        found.tags[customer.company, candidate_id] = tags
    found.moves += len(books["moves"])
    found.cases += _cases(customer, books["moves"], people)


def _cases(
    customer: Customer, moves: list[dict[str, Any]], people: list[dict[str, Any]]
) -> list[Case]:
    """Build the cases; a merged candidate's application yields one for each of the two."""
    alive = {
        application["applicationId"]: person
        for person in people
        for application in person["applications"]
    }
    addresses = {person.candidate_id: person.email for person in customer.people}
    history: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for move in moves:
        history[move["applicationId"]].append(move)
    cases = []
    for application_id, steps in history.items():
        index = customer.job_index(steps[0]["jobId"])
        if index not in CONNECTED:
            continue
        owner = alive.get(application_id)
        first = steps[0]["candidateId"]
        merged = owner is not None and owner["id"] != first
        former = addresses.get(first) if merged else None
        owners = [(owner["id"], owner["email"], True, former)] if owner else []
        if owner is None or merged:
            owners.append((first, addresses.get(first), False, None))
        cases += [
            _case(customer, customer.titles[index], steps, *each_owner) for each_owner in owners
        ]
    return cases


def _case(
    customer: Customer,
    title: str,
    steps: list[dict[str, Any]],
    candidate_id: str,
    address: str | None,
    alive: bool,
    former: str | None,
) -> Case:
    into = [
        datetime.fromisoformat(step["at"])
        for step in steps
        if (step["status"], step["subStatus"]) == WANTED
    ]
    entered = [at for at in into if at >= customer.connected_at]
    stage = (steps[-1]["status"], steps[-1]["subStatus"])
    before = len(into) > len(entered)
    return Case(customer, candidate_id, title, address, alive, stage, entered, before, former)
