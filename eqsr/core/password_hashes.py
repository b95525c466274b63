"""Hash passwords for storage, and compare with a hash."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """Hash a password for storage (Argon2id)."""
    return _hasher.hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """Check a password; pass None as hash for an unknown user.

    Both cases take the same time, so that the time does not reveal whether a user exists.
    """
    decoy = _decoy_hash()  # always computed, because the first call in a process takes longer
    try:
        _hasher.verify(password_hash or decoy, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _decoy_hash() -> str:
    """A hash to compare with when there is no such user."""
    return _hasher.hash(secrets.token_hex())
