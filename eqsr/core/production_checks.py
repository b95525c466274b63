"""Check what only matters where other people can reach the installation (production)."""

from collections.abc import Mapping
from email.utils import parseaddr
from urllib.parse import parse_qs, urlsplit

from eqsr.core import network_checks
from eqsr.core.address_checks import is_loopback
from eqsr.core.email_addresses import looks_like_address

# A random key of 32 characters has about 15 different ones in base 16, and more in any other.
DIFFERENT_CHARACTERS = 8
# Words that a random key does not hold, but one out of an example does.
PLACEHOLDERS = ("change", "example", "secret", "insert", "default", "placeholder", "password")
SMARTRECRUITERS_URLS = ("SMARTRECRUITERS_API_URL", "SMARTRECRUITERS_TOKEN_URL")


def production_problems(environment: Mapping[str, str], public_url: str) -> list[str]:
    """Production needs https, its own keys, a mail server and a sender address."""
    problems = []
    if not public_url.startswith("https://"):
        problems.append("PUBLIC_URL must start with https:// on a machine that others can reach.")
    problems += _secret_key_problems("SECRET_KEY", environment.get("SECRET_KEY") or "")
    for earlier in (environment.get("SECRET_KEY_FALLBACKS") or "").split(","):
        if earlier.strip():
            problems += _secret_key_problems("SECRET_KEY_FALLBACKS", earlier.strip())
    if not environment.get("ENCRYPTION_KEYS"):
        problems.append("ENCRYPTION_KEYS must be set in production, or stored secrets are lost.")
    if not environment.get("MAIL_URL"):
        problems.append("MAIL_URL must name a mail server in production.")
    elif _sends_password_in_the_clear(environment["MAIL_URL"]):
        problems.append(
            "MAIL_URL would send its password without encryption: use smtps:// or add ?starttls=1"
        )
    if not environment.get("MAIL_FROM"):
        problems.append("MAIL_FROM must name the sender of mails in production.")
    elif not looks_like_address(parseaddr(environment["MAIL_FROM"])[1]):
        problems.append("MAIL_FROM must hold an address: Equalture <no-reply@assess.example.org>")
    for name in SMARTRECRUITERS_URLS:
        parts = urlsplit(environment.get(name) or "")
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            problems.append(f"{name} must start with https://, as customers' secrets go there.")
    return problems


def production_warnings(
    database_url: str, redis_url: str | None, mail_url: str, support_url: str
) -> list[str]:
    """Return what production can do with, but hardly wants; one sentence each."""
    warnings = []
    if database_url.startswith("sqlite"):
        warnings.append(
            "DATABASE_URL is not set or names SQLite: for one machine, and for few people at once."
        )
    warnings += network_checks.database_warnings(database_url)
    warnings += network_checks.redis_warnings(redis_url)
    warnings += network_checks.mail_warnings(mail_url)
    if support_url.endswith("@localhost"):
        warnings.append("SUPPORT_URL is not set: every page names an address that leads nowhere.")
    return warnings


def _secret_key_problems(name: str, key: str) -> list[str]:
    if len(key) < 32:
        return [f"{name} must be set to at least 32 random characters in production."]
    if len(set(key)) < DIFFERENT_CHARACTERS:
        return [f"{name} must be random, but consists of a few characters only."]
    if any(key == (key[:size] * len(key))[: len(key)] for size in range(1, len(key) // 2 + 1)):
        return [f"{name} must be random, but repeats itself."]
    if any(word in key.lower() for word in PLACEHOLDERS):
        return [f"{name} must be random, but reads like an example: make one of your own."]
    return []


def _sends_password_in_the_clear(mail_url: str) -> bool:
    parts = urlsplit(mail_url)
    encrypted = parts.scheme == "smtps" or parse_qs(parts.query).get("starttls") == ["1"]
    return bool(parts.password) and not encrypted and not is_loopback(parts.hostname or "")
