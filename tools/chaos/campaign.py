"""Runs one campaign on one database."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.chaos import plan
from tools.chaos.accounts import Account, settle_accounts
from tools.chaos.customers import Recruiters, connect_customers
from tools.chaos.installation import installed
from tools.chaos.settling import DidNotSettle, Settling
from tools.chaos.takers import Takers
from tools.chaos.trouble import Struck, Trouble, schedule

TICK = 0.1

# Events that may lose the mail server's 250 or our record of it (explained in eqsr.mail.sending).
REPEATING = ("kill worker", "database away", "Redis away")


@dataclass
class Outcome:
    account: Account
    struck: Struck
    seconds: dict[str, float]


def run(
    folder: Path, database: str, size: plan.Size, seed: int, say: Callable[[str], None]
) -> Outcome:
    """Run the campaign; ``say`` receives progress messages."""
    seconds: dict[str, float] = {}
    people = plan.people(size, seed)
    events = schedule(size, seed)
    began = time.monotonic()
    # Embedded Redis with SQLite, Redis without a disk with PostgreSQL: people run both.
    with installed(folder, database, own_redis=database != "sqlite") as here:
        customers = connect_customers(here, size.customers, people)
        seconds["set-up"] = time.monotonic() - began
        say(f"{len(people)} people, {len(customers)} customers, {len(events)} faults: storm")
        recruiters = Recruiters(here.box, customers)
        trouble = Trouble(here, customers, events)
        takers = Takers(here, seed)
        takers.start()
        began = time.monotonic()
        while (passed := time.monotonic() - began) < size.seconds:
            recruiters.act_until(passed / size.seconds)
            trouble.act_until(passed)
            time.sleep(TICK)
        recruiters.act_until(1.0)
        trouble.end()
        seconds["storm"] = time.monotonic() - began
        say("calm again; what is left is done")
        began = time.monotonic()
        settling = Settling(here, customers, trouble, 60 + 6 * size.seconds)
        unsettled = _settle(settling, takers)
        seconds["settling"] = time.monotonic() - began
        struck = trouble.struck
        excuses = struck.hits["smtp_drop_before_250"] + sum(struck.events[k] for k in REPEATING)
        account = settle_accounts(here, customers, takers.finished, excuses)
        account.offences = [*unsettled, *takers.errors, *account.offences]
        return Outcome(account, struck, seconds)


def _settle(settling: Settling, takers: Takers) -> list[str]:
    """Settle the invitations first, then the results of the last people who got one."""
    try:
        settling.run()
        takers.stop()
        takers.look()
        settling.until_idle()
    except DidNotSettle as left:
        return [str(left)]
    return []
