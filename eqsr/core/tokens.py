"""Random and signed tokens for links, and pseudonyms."""

import base64
import hashlib
import hmac
import secrets
import uuid

# Bytes of a signed token that hold its generation.
_GENERATION_BYTES = 4
# Bytes of the signature at the end of a signed token (HMAC-SHA256, truncated to 128 bits).
_SIGNATURE_BYTES = 16


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


def _signature(secret_key: str, purpose: str, payload: bytes) -> bytes:
    key = hmac.digest(secret_key.encode(), b"eqsr link " + purpose.encode(), "sha256")
    return hmac.digest(key, payload, "sha256")[:_SIGNATURE_BYTES]


def _urlsafe(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
