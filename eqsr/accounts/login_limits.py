"""Limit how often passwords are tried, so that nobody guesses one and nobody is locked out.

A browser that is not known is counted by the account that it tries and by its network. One in which
the account's owner has logged in before is counted apart, so strangers can't use up its tries. All
processes count together.
"""

import hashlib
import uuid
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from eqsr.accounts import known_devices
from eqsr.accounts.service import login_address
from eqsr.core.messages import N_, UserError
from eqsr.outbox import counters
from eqsr.outbox.counters import Limit

MINUTE, DAY = 60, 86_400
PER_MINUTE = 10
# NIST SP 800-63B, 5.2.2: no more than 100 consecutive failed attempts on one account.
STRANGERS_PER_DAY = 100
DEVICE_PER_DAY = 50


class TooManyTries(UserError):
    """Too many wrong passwords within a minute, for this account or from this network."""

    status = 429

    def __init__(
        self, sentence: str = N_("There were too many tries. Wait a minute and try again.")
    ) -> None:
        super().__init__(sentence)


class TooManyTriesToday(TooManyTries):
    """Strangers tried so many passwords that no unknown browser may try another one today."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Too many wrong passwords were tried for this e-mail address today. Log in in a "
                "browser that you have used here before, or set a new password."
            )
        )


@dataclass(frozen=True)
class Attempt:
    """One password that is being tried. ``reached_cap``: it is the last that strangers had."""

    limits: tuple[Limit, ...]
    reached_cap: bool = False

    def does_not_count(self) -> None:
        """The password was right, so the attempt is not counted."""
        counters.give_back(self.limits)


def begin(email: str, device_cookie: str, address: str) -> Attempt:
    """Count an attempt to log in with this address, before the password is looked at.

    ``address``: the visitor's network address. Raises TooManyTries and TooManyTriesToday, for
    accounts that exist and for others.
    """
    device = known_devices.read(device_cookie)
    if device and device.knows(email):
        limits = _limits(f"device {device.name} {account_key(email)}", DEVICE_PER_DAY)
        _take(limits)
        return Attempt(limits)
    account = _limits(f"account {account_key(email)}", STRANGERS_PER_DAY)
    limits = (*account, Limit(f"logins from {network(address)}", PER_MINUTE, MINUTE))
    _minute, today, _here = _take(limits)
    return Attempt(limits, reached_cap=today == STRANGERS_PER_DAY)


def begin_own(session_id: uuid.UUID | None) -> Attempt:
    """Count an attempt of somebody who is logged in to give their own password again.

    By session, so that a thief of one uses up no tries of its owner's other sessions. Raises
    TooManyTries and TooManyTriesToday.
    """
    limits = _limits(f"own password {session_id}", DEVICE_PER_DAY)
    _take(limits)
    return Attempt(limits)


def network(address: str) -> str:
    """The address; of IPv6 the first 64 bits, of which everybody has all the others."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped  # how a dual-stack socket writes an IPv4 address
        return str(mapped) if mapped else found.exploded[:19]
    return address


def account_key(email: str) -> str:
    """A key for the account with this address, whether there is one or not.

    Spellings that lead to the same account have the same key, or each would have its own tries.
    """
    return hashlib.sha256(login_address(email).encode()).hexdigest()[:32]


def _limits(what: str, per_day: int) -> tuple[Limit, ...]:
    return Limit(f"{what} minute", PER_MINUTE, MINUTE), Limit(f"{what} day", per_day, DAY)


def _take(limits: tuple[Limit, ...]) -> tuple[int, ...]:
    taken = counters.take(limits)
    if taken.refused_by is None:
        return taken.counts
    raise TooManyTriesToday if taken.refused_by.seconds == DAY else TooManyTries
