"""The settings of an installation, read once from the environment."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from eqsr.core import address_checks, production_checks
from eqsr.core import settings_checks as checks
from eqsr.core.stored_secrets import load_or_create_secret, new_encryption_key


class SettingsProblem(Exception):
    """Some settings are missing or wrong; str() has one sentence per mistake."""


@dataclass(frozen=True)
class Settings:
    """One installation's settings. Secrets are kept out of repr()."""

    data_dir: Path
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    secret_key: str = field(repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(repr=False)
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
    hsts_subdomains: bool
    security_contact: str
    metrics_token: str = field(repr=False)

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The key that signs, and then the earlier ones whose signatures are still taken."""
        return (self.secret_key, *self.secret_key_fallbacks)

    @property
    def production(self) -> bool:
        """True if PUBLIC_URL is not on this machine, so other people can reach it."""
        return not address_checks.is_loopback(urlsplit(self.public_url).hostname or "")

    @property
    def warnings(self) -> list[str]:
        """What a production can do with, but hardly wants; one sentence each."""
        if not self.production:
            return []
        return production_checks.production_warnings(
            self.database_url, self.redis_url, self.mail_url, self.support_url
        )

    @property
    def serves_https(self) -> bool:
        """True if browsers reach the site by https."""
        return self.public_url.startswith("https://")

    @property
    def uses_sqlite(self) -> bool:
        """True if the database is SQLite."""
        return self.database_url.startswith("sqlite")


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read and check every setting.

    None is needed on a laptop: files live in ``DATA_DIR``, where keys are created on first use.
    An installation whose ``PUBLIC_URL`` is not on this machine is production and must have its
    own keys, https and a mail server. Raises SettingsProblem, which lists all mistakes at once.
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
        *address_checks.site_problems(public_url),
        *address_checks.url_problems("SMARTRECRUITERS_API_URL", api_url),
        *(address_checks.url_problems("SMARTRECRUITERS_TOKEN_URL", token_url) if token_url else []),
        *address_checks.port_problems(port),
        *address_checks.hosts_problems(get("ALLOWED_HOSTS")),
        *address_checks.proxies_problems(get("PROXIES")),
        *checks.slots_problems(slots),
        *checks.log_level_problems(log_level),
        *checks.mail_problems(get("MAIL_URL")),
        *checks.bounces_problems(get("BOUNCES_URL")),
        *checks.database_problems(get("DATABASE_URL")),
        *checks.redis_problems(get("REDIS_URL")),
        *checks.support_problems("SUPPORT_URL", get("SUPPORT_URL")),
        *checks.support_problems("SECURITY_CONTACT", get("SECURITY_CONTACT")),
        *checks.switch_problems("HSTS_SUBDOMAINS", get("HSTS_SUBDOMAINS")),
        *checks.metrics_token_problems(get("METRICS_TOKEN")),
    ]
    production = not problems and not address_checks.is_loopback(
        urlsplit(public_url).hostname or ""
    )
    if production:
        problems += production_checks.production_problems(environment, public_url)
    keys = _listed(get("ENCRYPTION_KEYS"))
    problems += [problem for key in keys for problem in checks.key_problems(key)]
    if problems:
        raise SettingsProblem("\n".join(problems))
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(get("DATABASE_URL"), data_dir),
        redis_url=get("REDIS_URL") or None,
        secret_key=get("SECRET_KEY")
        or load_or_create_secret(data_dir / "secret_key", secrets.token_hex),
        secret_key_fallbacks=_listed(get("SECRET_KEY_FALLBACKS")),
        encryption_keys=keys
        or (load_or_create_secret(data_dir / "encryption_key", new_encryption_key),),
        public_url=public_url,
        allowed_hosts=address_checks.host_names(get("ALLOWED_HOSTS")),
        proxies=int(get("PROXIES") or (1 if production else 0)),
        mail_url=get("MAIL_URL") or "smtp://127.0.0.1:1025",
        mail_from=get("MAIL_FROM") or "Equalture <no-reply@localhost>",
        bounces_url=get("BOUNCES_URL") or "",
        smartrecruiters_api_url=api_url,
        smartrecruiters_token_url=token_url or f"{api_url}/identity/oauth/token",
        platform_name=get("PLATFORM_NAME") or "Equalture",
        support_url=_contact(get("SUPPORT_URL") or "mailto:support@localhost"),
        port=int(port),
        worker_slots=int(slots),
        log_level=log_level,
        hsts_subdomains=get("HSTS_SUBDOMAINS") == "1",
        security_contact=_contact(get("SECURITY_CONTACT") or get("SUPPORT_URL") or ""),
        metrics_token=get("METRICS_TOKEN") or "",
    )


def _listed(value: str | None) -> tuple[str, ...]:
    return tuple(one.strip() for one in (value or "").split(",") if one.strip())


def _database_url(url: str | None, data_dir: Path) -> str:
    if not url:
        return f"sqlite:///{data_dir / 'eqsr.sqlite3'}"
    # SQLAlchemy takes the plain spellings for psycopg 2; we ship version 3.
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _contact(value: str) -> str:
    """The address of a page or a mailbox, as a URL."""
    return f"mailto:{value}" if "@" in value and ":" not in value else value
