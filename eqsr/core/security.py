"""Secrets at rest, tokens in links, and passwords."""

import base64
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Sequence
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_hasher = PasswordHasher()

# Bytes of a signed token that count its generation.
_COUNTED = 4


class Vault:
    """Encrypts with the first key and decrypts with any (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, keys: Sequence[str]):
        self._first = Fernet(keys[0])
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, secret: str) -> str:
        return self._fernet.encrypt(secret.encode()).decode()

    def decrypt(self, locked: str) -> str:
        """Raises DecryptionError when none of the keys fits."""
        try:
            return self._fernet.decrypt(locked.encode()).decode()
        except InvalidToken:
            raise DecryptionError from None

    def renew(self, locked: str) -> str:
        """The same secret under the first key; as it is where it is so already. Raises
        DecryptionError."""
        try:
            self._first.decrypt(locked.encode())
        except InvalidToken:
            return self.encrypt(self.decrypt(locked))
        return locked


class DecryptionError(Exception):
    """What was stored can't be read with the keys in ENCRYPTION_KEYS."""


def new_token() -> str:
    """An unguessable token for a link: 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored instead of a random token. Plain SHA-256: the token has 256 bits already."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_id(secret_key: str, purpose: str, subject: uuid.UUID, generation: int = 0) -> str:
    """A token that names ``subject`` and that only we can make: nothing has to be stored for it.

    A ``generation`` above 0 is part of the token, so that the subject can get another one."""
    named = subject.bytes + (generation.to_bytes(_COUNTED, "big") if generation else b"")
    return _urlsafe(named + _seal(secret_key, purpose, named))


def read_signed_id(secret_key: str, purpose: str, token: str) -> uuid.UUID | None:
    """The subject of a token of ours that never gets another one, or None."""
    found = read_signed(secret_key, purpose, token)
    return found[0] if found and not found[1] else None


def read_signed(secret_key: str, purpose: str, token: str) -> tuple[uuid.UUID, int] | None:
    """Subject and generation of a token of ours, or None."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    if len(raw) not in (32, 32 + _COUNTED) or _urlsafe(raw) != token:
        return None
    named, seal = raw[:-16], raw[-16:]
    if not hmac.compare_digest(seal, _seal(secret_key, purpose, named)):
        return None
    return uuid.UUID(bytes=named[:16]), int.from_bytes(named[16:], "big")


def pseudonym(secret_key: str, purpose: str, subject: uuid.UUID) -> str:
    """A name for ``subject`` that tells nothing without our key, and is always the same."""
    key = hmac.digest(secret_key.encode(), b"eqsr pseudonym " + purpose.encode(), "sha256")
    return hmac.digest(key, subject.bytes, "sha256").hex()


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """Takes equally long whether or not the user exists (pass None)."""
    nobodys = _nobodys_hash()  # whoever it is: the first call in a process takes longer
    try:
        _hasher.verify(password_hash or nobodys, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _nobodys_hash() -> str:
    """Compared against when no such user exists."""
    return _hasher.hash(secrets.token_hex())


def _seal(secret_key: str, purpose: str, named: bytes) -> bytes:
    key = hmac.digest(secret_key.encode(), b"eqsr link " + purpose.encode(), "sha256")
    return hmac.digest(key, named, "sha256")[:16]


def _urlsafe(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
