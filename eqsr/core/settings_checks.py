"""Check values of settings other than addresses: each function returns one sentence per mistake."""

from base64 import urlsafe_b64decode
from urllib.parse import parse_qs, urlsplit

from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from eqsr.core.address_checks import is_loopback
from eqsr.core.email_addresses import looks_like_address

# 32 random bytes have fewer different ones than this about once in 10^30 keys.
DIFFERENT_BYTES = 12
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
        # Anything else than 1 would silently mean "without encryption".
        usable = usable and parse_qs(parts.query).get("starttls", ["1"]) == ["1"]
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
    """Each of ENCRYPTION_KEYS must be a Fernet key, and random."""
    try:
        Fernet(key)
    except (ValueError, TypeError):
        return [
            "ENCRYPTION_KEYS must hold Fernet keys (32 bytes, URL-safe base64), comma-separated; "
            "the first one encrypts."
        ]
    if len(set(urlsafe_b64decode(key))) < DIFFERENT_BYTES:
        return ["ENCRYPTION_KEYS must be random: one of them repeats a few bytes."]
    return []


def database_problems(url: str | None) -> list[str]:
    """DATABASE_URL must be a postgresql or sqlite URL, if given."""
    if not url:
        return []
    try:
        scheme = make_url(url).drivername.partition("+")[0]
        usable = scheme in ("postgres", "postgresql", "sqlite")
    except (ArgumentError, ValueError):
        usable = False
    if not usable:
        return ["DATABASE_URL must look like postgresql://user:password@host/name or sqlite:///…"]
    return []


def redis_problems(url: str | None) -> list[str]:
    """REDIS_URL must be a redis, rediss or unix URL, if given."""
    if not url:
        return []
    try:
        parts = urlsplit(url)
        place = parts.path if parts.scheme == "unix" else parts.hostname
        usable = parts.scheme in ("redis", "rediss", "unix") and bool(place) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        return ["REDIS_URL must look like redis://host:6379/0, rediss://… or unix://…"]
    return []


def support_problems(name: str, value: str | None) -> list[str]:
    """``value`` must be a mail address or the address of a page, if given."""
    if not value:
        return []
    try:
        parts = urlsplit(value)
        page = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        page = False
    if page or looks_like_address(value.removeprefix("mailto:").partition("?")[0]):
        return []
    return [f"{name} must be a mail address, or the full address of a page."]


def switch_problems(name: str, value: str | None) -> list[str]:
    """``value`` must be 1 or 0, if given."""
    return [] if value in (None, "", "0", "1") else [f"{name} must be 1 or 0."]


def metrics_token_problems(token: str | None) -> list[str]:
    """METRICS_TOKEN must be long enough not to be guessed, if given, and fit into a header."""
    if not token or (len(token) >= 16 and token.isascii() and token.isprintable()):
        return []
    return ["METRICS_TOKEN must have at least 16 random letters and digits."]
