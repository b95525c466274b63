"""Know a browser again in which somebody has logged in, by a signed cookie.

By it, wrong passwords from there are counted apart, and strangers' guesses lock nobody out (OWASP,
"Slow Down Online Guessing Attacks with Device Cookies"). The cookie logs nobody in.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

from eqsr.accounts.service import login_address
from eqsr.core.extensions import settings
from eqsr.core.tokens import new_token

LIFETIME = timedelta(days=180)
# Accounts that one browser is known for; the latest count.
MOST_ACCOUNTS = 5


@dataclass(frozen=True)
class KnownDevice:
    """What the cookie says: the browser's random name, and whose accounts, as salted hashes."""

    name: str
    accounts: tuple[str, ...] = ()

    def knows(self, email: str) -> bool:
        """Has somebody logged in here with this address?"""
        return _hash(self.name, email) in self.accounts


def read(cookie: str) -> KnownDevice | None:
    """The device that this cookie names; None if we did not sign it, or too long ago."""
    try:
        name, *accounts = _signer().loads(cookie, max_age=int(LIFETIME.total_seconds()))
    except (BadSignature, ValueError, TypeError):
        return None
    return KnownDevice(name, tuple(accounts))


def remember(cookie: str, email: str) -> str:
    """The cookie for a browser in which somebody with this address has just logged in."""
    known = read(cookie) or KnownDevice(new_token()[:22])
    ours = _hash(known.name, email)
    others = [one for one in known.accounts if one != ours]
    return str(_signer().dumps([known.name, ours, *others[: MOST_ACCOUNTS - 1]]))


def _signer() -> URLSafeTimedSerializer:
    keys = list(reversed(settings.secret_keys))  # itsdangerous signs with the last
    return URLSafeTimedSerializer(keys, salt="eqsr known device")


def _hash(name: str, email: str) -> str:
    return hashlib.sha256(f"{name} {login_address(email)}".encode()).hexdigest()[:32]
