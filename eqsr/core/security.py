"""Encryption of stored secrets, signed and random tokens, and password hashes."""

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

# Bytes of a signed token that hold its generation.
_GENERATION_BYTES = 4
# Bytes of the signature at the end of a signed token (HMAC-SHA256, truncated to 128 bits).
_SIGNATURE_BYTES = 16


class Vault:
    """Encrypts with the first key and decrypts with any (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, keys: Sequence[str]):
        self._first = Fernet(keys[0])
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, secret: str) -> str:
        """Encrypt a text with the first key."""
        return self._fernet.encrypt(secret.encode()).decode()

    def decrypt(self, encrypted: str) -> str:
        """Decrypt a text with any of the keys. Raises DecryptionError when none fits."""
        try:
            return self._fernet.decrypt(encrypted.encode()).decode()
        except InvalidToken:
            raise DecryptionError from None

    def renew(self, encrypted: str) -> str:
        """Encrypt a secret again with the first key, unless it already is.

        Returns the argument unchanged in that case. Raises DecryptionError.
        """
        try:
            self._first.decrypt(encrypted.encode())
        except InvalidToken:
            return self.encrypt(self.decrypt(encrypted))
        return encrypted


class DecryptionError(Exception):
    """None of the keys in ENCRYPTION_KEYS decrypts a stored secret."""


def new_token() -> str:
    """Make a random token for a link: 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Hash a random token for storage. Plain SHA-256 suffices, as the token has 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_id(secret_key: str, purpose: str, subject: uuid.UUID, generation: int = 0) -> str:
    """Make a signed token that holds the id ``subject``; nothing has to be stored for it.

    A ``generation`` above 0 becomes part of the token, so that an earlier one can be revoked.
    """
    payload = subject.bytes + (generation.to_bytes(_GENERATION_BYTES, "big") if generation else b"")
    return _urlsafe(payload + _signature(secret_key, purpose, payload))


def read_signed_id(secret_key: str, purpose: str, token: str) -> uuid.UUID | None:
    """Read the id from a token of generation 0; None if the signature or generation differs."""
    found = read_signed(secret_key, purpose, token)
    return found[0] if found and not found[1] else None


def read_signed(secret_key: str, purpose: str, token: str) -> tuple[uuid.UUID, int] | None:
    """Read id and generation from a signed token; None if it is not one of ours."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    if len(raw) not in (32, 32 + _GENERATION_BYTES) or _urlsafe(raw) != token:
        return None
    payload, signature = raw[:-_SIGNATURE_BYTES], raw[-_SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(secret_key, purpose, payload)):
        return None
    return uuid.UUID(bytes=payload[:16]), int.from_bytes(payload[16:], "big")


def pseudonym(secret_key: str, purpose: str, subject: uuid.UUID) -> str:
    """A stable name for ``subject`` (64 hex digits) that can't be traced back without our key."""
    key = hmac.digest(secret_key.encode(), b"eqsr pseudonym " + purpose.encode(), "sha256")
    return hmac.digest(key, subject.bytes, "sha256").hex()


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


def _signature(secret_key: str, purpose: str, payload: bytes) -> bytes:
    key = hmac.digest(secret_key.encode(), b"eqsr link " + purpose.encode(), "sha256")
    return hmac.digest(key, payload, "sha256")[:_SIGNATURE_BYTES]


def _urlsafe(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
