"""Rules about work, connections and logs: no state that never ends, nobody blamed, no secret."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulation.customers import Customer
from simulation.product import facts, rows

if TYPE_CHECKING:
    from simulation.play import Play

Found = Iterator[tuple[str, ...]]


def all_work_ends(play: "Play") -> Found:
    """After everything has healed, no work is overdue, running or waiting."""
    broken = {
        play.run.customers[number].connection_id
        for number in (*play.books.faulty, *play.books.cut_off)
    }
    for row in rows.unfinished_work():
        rests = row.state == "waiting" and row.connection_id in broken
        if rests and not facts.is_active(row.connection_id):
            continue
        yield (
            "no state that never ends",
            f"work of the kind {row.kind} is {row.state} since {row.since}: {row.error}",
        )  # fmt: skip


def nothing_is_given_up(play: "Play") -> Found:
    """Dead work has a cause in what was broken for long; a connection is waited for 90 days."""
    struck = {one.customer for one in play.plan.troubles if one.what.startswith("one ")}
    broken = {play.run.customers[number].connection_id for number in (*struck, *play.books.cut_off)}
    for row in rows.dead_work():
        # A mail to a mailbox that says "later" for five days is given up, and told.
        if row.connection_id in broken or row.error.startswith("451"):
            continue
        yield "nothing is given up", f"work of the kind {row.kind} is dead: {row.error}"


def nobody_is_left_queued(play: "Play") -> Found:
    """No invitation stays queued unless its mail waits for the recipient's server."""
    broken = {*play.books.faulty, *play.books.cut_off}
    slow = {one.email for one in play.plan.people if one.mailbox in ("full", "later", "greylists")}
    for address, job, number in facts.left_queued():
        if address in slow or number in {play.run.customers[n].organisation_id for n in broken}:
            continue
        yield "no state that never ends", f"{address} is still queued for {job}", address


def connections_work(play: "Play") -> Found:
    """Whoever broke nothing of their own is connected at the end."""
    for customer in play.run.customers:
        if customer.number in play.books.faulty or play.books.cut_off.get(customer.number):
            continue
        state = facts.connection_state(customer.organisation_id)
        if state != "active":
            yield (
                "blamed on the right one",
                f"{customer.name}'s connection is {state} though nothing is wrong with it",
                customer.company,
            )  # fmt: skip


def mails_to_admins(play: "Play") -> Found:
    """An admin hears of a trouble only if their own connection had one."""
    for customer in play.run.customers:
        mails = [
            letter for letter in play.run.mail.to(customer.admin) if "needs you" in letter.subject
        ]
        if mails and not _had_trouble(play, customer):
            yield (
                "blamed on the right one",
                f"{customer.name}'s admin was told of a trouble that they do not have",
                customer.company,
            )  # fmt: skip


def _had_trouble(play: "Play", customer: Customer) -> bool:
    if customer.number in play.books.faulty or play.books.cut_off.get(customer.number):
        return True
    if customer.company in play.run.weather.struck_companies:
        return True
    steps = {step.act for step in play.plan.steps if step.customer == customer.number}
    return bool(steps & {"suspend", "lose subscription", "expire tokens", "rename stage"})


def events_are_stored(play: "Play") -> Found:
    """What we answered with 202 is in the inbox from then on, and once."""
    kept = facts.events()
    for delivery in play.run.smartrecruiters.world.deliveries.list():
        if not any(one["accepted"] for one in delivery.attempts):
            continue
        found = kept.get(delivery.event_id, [])
        if len(found) != 1:
            yield (
                "an event is stored once",
                f"event {delivery.event_id} got a 202 and is stored {len(found)} times",
                delivery.event_id,
            )  # fmt: skip


def events_are_acted_on(play: "Play") -> Found:
    """Nothing in the inbox waits for ever."""
    if play.books.faulty or play.books.cut_off:
        return
    for event_id, rows_of_it in facts.events().items():
        if not all(rows_of_it):
            yield (
                "no state that never ends",
                f"event {event_id} was stored and never acted on",
                event_id,
            )


def limits_of_their_own(play: "Play") -> Found:
    """No customer's calls are counted together with another's."""
    if any(len(customers) > 1 for customers in play.run.broker.users.values()):
        yield "limits of one's own", "two customers' calls count towards one limit"


def no_forged_event(play: "Play") -> Found:
    """An event with a wrong signature is refused."""
    for event_id in play.run.weather.forged:
        sentence = f"event {event_id} had a wrong signature and got a 202"
        yield "only signed events", sentence, event_id


def nothing_after_disconnecting(play: "Play") -> Found:
    """Once disconnected and cleaned up, SmartRecruiters hears nothing from us."""
    for number, cuts in play.books.cut_off.items():
        company = play.run.customers[number].company
        for (at, what), (until, _) in zip(cuts, [*cuts[1:], (1e12, "")], strict=True):
            rest = at + _cleaning(play, at)
            calls = [
                line
                for line in play.run.log.lines
                if line.kind == "call"
                and line.facts.get("company") == company
                and rest < line.at < until
            ]
            if what == "disconnected" and calls:
                yield (
                    "nothing after disconnecting",
                    f"{company} was disconnected, and {calls[0].at - at:.0f} s later: "
                    f"{calls[0].text}",
                    company,
                )


def _cleaning(play: "Play", at: float) -> float:
    """Seconds in which the subscription is taken away; more if anything is broken meanwhile."""
    troubled = any(
        began < at + 600 and ended + 300 > at for began, ended, *_ in play.troubles.times
    )
    return 2400.0 if troubled else 600.0


def nothing_unexpected(play: "Play") -> Found:
    """No error that our faults do not explain, no task that crashed, no secret in a log."""
    watch = play.run.installation.watch
    for error in sorted(set(watch.errors)):
        yield "no error of ours", error
    for leak in sorted(set(watch.leaks)):
        yield "no secret in a log", leak
    for failure in sorted(set(play.run.failed)):
        yield "no error of ours", failure
    for task, error in play.run.scheduler.crashed:
        ours = task.process is not None and task.process.memory is not None
        if ours and not isinstance(error, facts.EXPECTED_CRASHES):
            yield "no error of ours", f"{task.name} crashed: {error!r}"


CHECKS: tuple[Any, ...] = (
    all_work_ends,
    nothing_is_given_up,
    nobody_is_left_queued,
    connections_work,
    mails_to_admins,
    events_are_stored,
    events_are_acted_on,
    limits_of_their_own,
    no_forged_event,
    nothing_after_disconnecting,
    nothing_unexpected,
)
# Those that hold at every moment.
SAFE: tuple[Any, ...] = (events_are_stored, no_forged_event)
