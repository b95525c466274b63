"""Check values of settings other than addresses: each function returns one sentence per mistake."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

from eqsr.core.address_checks import is_loopback

LOG_LEVELS = ("DEBUG", "INFO", "WARNING")


def slots_problems(slots: str) -> list[str]:
    """WORKER_SLOTS must be a number from 2 to 100."""
    # At least two: with a single slot, one customer's slow call would block all others.
    if slots.isascii() and slots.isdigit() and len(slots) < 4 and 2 <= int(slots) <= 100:
        return []
    return ["WORKER_SLOTS must be a number from 2 to 100."]


def log_level_problems(level: str) -> list[str]:
    """LOG_LEVEL must be one of LOG_LEVELS."""
    if level in LOG_LEVELS:
        return []
    return [f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}."]


def mail_problems(url: str | None) -> list[str]:
    """MAIL_URL must be an smtp or smtps URL, if given."""
    if not url:
        return []
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        return ["MAIL_URL must look like smtp://user:password@host:587?starttls=1 or smtps://…"]
    return []


def bounces_problems(url: str | None) -> list[str]:
    """BOUNCES_URL must be an imaps URL, if given; plain imap only on this machine."""
    if not url:
        return []
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("imap", "imaps") and bool(parts.hostname) and parts.port != 0
        # Without TLS, others on the network could read the password and the emails.
        usable = usable and (parts.scheme == "imaps" or is_loopback(parts.hostname or ""))
    except ValueError:
        usable = False
    if not usable:
        return ["BOUNCES_URL must look like imaps://user:password@host/folder"]
    return []


def key_problems(key: str) -> list[str]:
    """Each of ENCRYPTION_KEYS must be a Fernet key."""
    try:
        Fernet(key)
    except (ValueError, TypeError):
        return [
            "ENCRYPTION_KEYS must hold Fernet keys (32 bytes, URL-safe base64), comma-separated; "
            "the first one encrypts."
        ]
    return []


def production_problems(environment: Mapping[str, str], public_url: str) -> list[str]:
    """Production needs https, its own keys, a mail server and a sender address."""
    problems = []
    if not public_url.startswith("https://"):
        problems.append("PUBLIC_URL must start with https:// on a machine that others can reach.")
    if len(environment.get("SECRET_KEY") or "") < 32:
        problems.append("SECRET_KEY must be set to at least 32 random characters in production.")
    if not environment.get("ENCRYPTION_KEYS"):
        problems.append("ENCRYPTION_KEYS must be set in production, or stored secrets are lost.")
    if not environment.get("MAIL_URL"):
        problems.append("MAIL_URL must name a mail server in production.")
    if not environment.get("MAIL_FROM"):
        problems.append("MAIL_FROM must name the sender of mails in production.")
    return problems
