"""Everything that an installation can decide, read once from the environment."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

LOG_LEVELS = ("DEBUG", "INFO", "WARNING")


class SettingsProblem(Exception):
    """The environment can't be used; str() has one sentence per mistake."""


@dataclass(frozen=True)
class Settings:
    """One installation's settings. Secrets are kept out of repr()."""

    data_dir: Path
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    secret_key: str = field(repr=False)
    encryption_keys: tuple[str, ...] = field(repr=False)
    public_url: str
    allowed_hosts: tuple[str, ...]
    proxies: int
    mail_url: str = field(repr=False)
    mail_from: str
    bounces_url: str = field(repr=False)
    smartrecruiters_api_url: str
    smartrecruiters_token_url: str
    platform_name: str
    support_url: str
    port: int
    worker_slots: int
    log_level: str

    @property
    def production(self) -> bool:
        """People outside this machine are meant to reach it."""
        return not is_loopback(urlsplit(self.public_url).hostname or "")

    @property
    def uses_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read and check every setting.

    A laptop needs none of them: files live in ``DATA_DIR`` and keys are made there on first use.
    An installation whose ``PUBLIC_URL`` is not on this machine is production and must bring its
    own keys, https and mail server. Raises SettingsProblem with all mistakes at once.
    """
    get = environment.get
    data_dir = Path(get("DATA_DIR") or "data").resolve()
    port = get("PORT") or "8000"
    slots = get("WORKER_SLOTS") or "12"
    log_level = get("LOG_LEVEL") or "INFO"
    public_url = (get("PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    api_url = (get("SMARTRECRUITERS_API_URL") or "https://api.smartrecruiters.com").rstrip("/")
    token_url = get("SMARTRECRUITERS_TOKEN_URL")
    problems = [
        *_url_problems("PUBLIC_URL", public_url),
        *_url_problems("SMARTRECRUITERS_API_URL", api_url),
        *(_url_problems("SMARTRECRUITERS_TOKEN_URL", token_url) if token_url else []),
        *_port_problems(port),
        *_hosts_problems(get("ALLOWED_HOSTS")),
        *_proxies_problems(get("PROXIES")),
        *_slots_problems(slots),
        *_log_level_problems(log_level),
        *_mail_problems(get("MAIL_URL")),
        *_bounces_problems(get("BOUNCES_URL")),
    ]
    production = not problems and not is_loopback(urlsplit(public_url).hostname or "")
    if production:
        problems += _production_problems(environment, public_url)
    keys = tuple(key.strip() for key in (get("ENCRYPTION_KEYS") or "").split(",") if key.strip())
    problems += [problem for key in keys for problem in _key_problems(key)]
    if problems:
        raise SettingsProblem("\n".join(problems))
    data_dir.mkdir(parents=True, exist_ok=True)
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(get("DATABASE_URL"), data_dir),
        redis_url=get("REDIS_URL") or None,
        secret_key=get("SECRET_KEY")
        or _load_or_create_secret(data_dir / "secret_key", secrets.token_hex),
        encryption_keys=keys
        or (_load_or_create_secret(data_dir / "encryption_key", _new_encryption_key),),
        public_url=public_url,
        allowed_hosts=_hosts(get("ALLOWED_HOSTS")),
        proxies=int(get("PROXIES") or (1 if production else 0)),
        mail_url=get("MAIL_URL") or "smtp://127.0.0.1:1025",
        mail_from=get("MAIL_FROM") or "Equalture <no-reply@localhost>",
        bounces_url=get("BOUNCES_URL") or "",
        smartrecruiters_api_url=api_url,
        smartrecruiters_token_url=token_url or f"{api_url}/identity/oauth/token",
        platform_name=get("PLATFORM_NAME") or "Equalture",
        support_url=_support_url(get("SUPPORT_URL")),
        port=int(port),
        worker_slots=int(slots),
        log_level=log_level,
    )


def is_loopback(host: str) -> bool:
    """True for localhost and the loopback addresses of IPv4 and IPv6."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _url_problems(name: str, value: str) -> list[str]:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        return [f"{name} must be a full address such as https://assess.example.org."]
    return []


def _port_problems(port: str) -> list[str]:
    if port.isdigit() and 0 < int(port) < 65536:
        return []
    return ["PORT must be a number from 1 to 65535."]


def _hosts(value: str | None) -> tuple[str, ...]:
    names = (name.strip().lower().strip("[]") for name in (value or "").split(","))
    return tuple(_as_written(name) for name in names if name)


def _as_written(name: str) -> str:
    try:
        return str(ip_address(name))
    except ValueError:
        return name


def _hosts_problems(value: str | None) -> list[str]:
    if all(_is_host(name) for name in _hosts(value)):
        return []
    return ["ALLOWED_HOSTS must hold host names or IP addresses without ports, comma-separated."]


def _is_host(name: str) -> bool:
    try:
        return bool(ip_address(name))
    except ValueError:
        return bool(re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", name)) and len(name) <= 253


def _proxies_problems(value: str | None) -> list[str]:
    if not value or (value.isascii() and value.isdigit() and int(value) <= 10):
        return []
    return ["PROXIES must be how many proxies stand in front: a number from 0 to 10."]


def _slots_problems(slots: str) -> list[str]:
    # One slot alone would let one customer hold up everybody.
    if slots.isascii() and slots.isdigit() and len(slots) < 4 and 2 <= int(slots) <= 100:
        return []
    return ["WORKER_SLOTS must be a number from 2 to 100."]


def _log_level_problems(level: str) -> list[str]:
    if level in LOG_LEVELS:
        return []
    return [f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}."]


def _mail_problems(url: str | None) -> list[str]:
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


def _bounces_problems(url: str | None) -> list[str]:
    if not url:
        return []
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("imap", "imaps") and bool(parts.hostname) and parts.port != 0
        # Without TLS the password and the mails could be read on the way.
        usable = usable and (parts.scheme == "imaps" or is_loopback(parts.hostname or ""))
    except ValueError:
        usable = False
    if not usable:
        return ["BOUNCES_URL must look like imaps://user:password@host/folder"]
    return []


def _key_problems(key: str) -> list[str]:
    try:
        Fernet(key)
    except (ValueError, TypeError):
        return [
            "ENCRYPTION_KEYS must hold Fernet keys (32 bytes, URL-safe base64), comma-separated; "
            "the first one encrypts."
        ]
    return []


def _production_problems(environment: Mapping[str, str], public_url: str) -> list[str]:
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


def _database_url(url: str | None, data_dir: Path) -> str:
    if not url:
        return f"sqlite:///{data_dir / 'eqsr.sqlite3'}"
    # The plain spellings mean psycopg 2 to SQLAlchemy; version 3 is what we ship.
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _support_url(value: str | None) -> str:
    value = value or "mailto:support@localhost"
    if "@" in value and ":" not in value:
        return f"mailto:{value}"
    return value


def _load_or_create_secret(path: Path, make: Callable[[], str]) -> str:
    """A secret made on first use, readable by this account only; all processes see one value."""
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with open(fresh, "x", opener=_private) as file:
            file.write(make())
        with suppress(FileExistsError):  # another process was first; its value counts
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _new_encryption_key() -> str:
    return Fernet.generate_key().decode()
