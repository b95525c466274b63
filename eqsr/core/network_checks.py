"""Warn of database, Redis and mail server that are reached over a network without encryption.

Not of what stays on this machine, nor of single names such as ``db``: those are of a network of
containers, which nobody else is on.
"""

from urllib.parse import parse_qs, urlsplit

from sqlalchemy.engine import make_url

from eqsr.core.address_checks import is_loopback

# libpq's modes that never go on without encryption.
SAFE_MODES = ("require", "verify-ca", "verify-full")


def database_warnings(url: str) -> list[str]:
    """Warn unless a PostgreSQL elsewhere has to encrypt (libpq's ``sslmode``)."""
    parsed = make_url(url)
    if parsed.drivername.startswith("sqlite") or not _is_elsewhere(parsed.host or ""):
        return []
    if parsed.query.get("sslmode") in SAFE_MODES:
        return []
    return ["DATABASE_URL does not insist on encryption: add ?sslmode=verify-full, or =require."]


def redis_warnings(url: str | None) -> list[str]:
    """Warn of a Redis elsewhere without TLS, or without a password."""
    parts = urlsplit(url or "")
    if parts.scheme == "unix" or not _is_elsewhere(parts.hostname or ""):
        return []
    warnings = []
    if parts.scheme != "rediss":
        warnings.append("REDIS_URL is not encrypted: use rediss://.")
    if not parts.password:
        warnings.append("REDIS_URL has no password: anyone who reaches that Redis can change it.")
    return warnings


def mail_warnings(url: str) -> list[str]:
    """Warn of a mail server elsewhere that gets emails, and links in them, without encryption."""
    parts = urlsplit(url)
    encrypted = parts.scheme == "smtps" or parse_qs(parts.query).get("starttls") == ["1"]
    if encrypted or not _is_elsewhere(parts.hostname or ""):
        return []
    return ["MAIL_URL sends emails, and the links in them, unencrypted: add ?starttls=1."]


def _is_elsewhere(host: str) -> bool:
    return not is_loopback(host) and ("." in host or ":" in host)
