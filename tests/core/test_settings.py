import os
import stat

import pytest
from cryptography.fernet import Fernet

from eqsr.core.address_checks import is_loopback
from eqsr.core.settings import SettingsProblem, from_environment

PRODUCTION = {
    "PUBLIC_URL": "https://assess.example.org",
    "SECRET_KEY": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "MAIL_URL": "smtps://user:pass@mail.example.org",
    "MAIL_FROM": "Equalture <no-reply@example.org>",
}


def test_a_laptop_needs_no_setting(tmp_path):
    settings = from_environment({"DATA_DIR": str(tmp_path / "new")})
    assert settings.database_url.startswith("sqlite:///")
    assert settings.redis_url is None
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.smartrecruiters_api_url == "https://api.smartrecruiters.com"
    assert settings.smartrecruiters_token_url.endswith(".com/identity/oauth/token")
    assert not settings.production


def test_keys_made_on_first_use_stay_and_are_private(tmp_path):
    first = from_environment({"DATA_DIR": str(tmp_path)})
    second = from_environment({"DATA_DIR": str(tmp_path)})
    assert first.secret_key == second.secret_key
    assert first.encryption_keys == second.encryption_keys
    for name in ("secret_key", "encryption_key"):
        assert stat.S_IMODE(os.stat(tmp_path / name).st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["encryption_key", "secret_key"]


def test_production_with_all_it_needs_starts(tmp_path):
    assert from_environment({"DATA_DIR": str(tmp_path), **PRODUCTION}).production


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ENCRYPTION_KEYS", "MAIL_URL", "MAIL_FROM"])
def test_production_without_one_of_them_is_refused_by_name(tmp_path, missing):
    environment = {k: v for k, v in PRODUCTION.items() if k != missing}
    with pytest.raises(SettingsProblem, match=missing):
        from_environment({"DATA_DIR": str(tmp_path), **environment})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "assess.example.org"),
        ("PUBLIC_URL", "http://assess.example.org"),
        ("PUBLIC_URL", "http://[::1"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("WORKER_SLOTS", "1"),
        ("WORKER_SLOTS", "many"),
        ("WORKER_SLOTS", "²"),
        ("WORKER_SLOTS", "101"),
        ("LOG_LEVEL", "info"),
        ("LOG_LEVEL", "ERROR"),
        ("MAIL_URL", "mail.example.org"),
        ("MAIL_URL", "smtp://user:pass@mail.example.org"),
        ("MAIL_URL", "smtp://user:pass@mail.example.org?starttls=true"),
        ("MAIL_URL", "smtp://user:pass@mail.example.org?starttls=0"),
        ("MAIL_URL", "smtp://[::1"),
        ("MAIL_FROM", "Equalture"),
        ("MAIL_FROM", "no-reply@"),
        ("PUBLIC_URL", "https://example.org/assess"),
        ("PUBLIC_URL", "https://example.org?a=1"),
        ("SECRET_KEY", "a" * 64),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "0123456789abcdef" * 4),
        ("SECRET_KEY", "please-Change-me-before-you-start-1"),
        ("SECRET_KEY_FALLBACKS", "short"),
        ("METRICS_TOKEN", "short"),
        ("METRICS_TOKEN", "sixteen letters, ünd möre"),
        ("HSTS_SUBDOMAINS", "yes"),
        ("SECURITY_CONTACT", "somebody"),
        ("ENCRYPTION_KEYS", "A" * 43 + "="),
        ("DATABASE_URL", "db.example.org"),
        ("DATABASE_URL", "mysql://db.example.org/eqsr"),
        ("DATABASE_URL", "postgresql://db.example.org:port/eqsr"),
        ("REDIS_URL", "http://redis.example.org"),
        ("REDIS_URL", "redis://redis.example.org:port"),
        ("REDIS_URL", "redis://[::1"),
        ("SUPPORT_URL", "support"),
        ("SUPPORT_URL", "http://[::1"),
        ("SUPPORT_URL", "javascript:alert(1)"),
        ("SMARTRECRUITERS_API_URL", "http://api.smartrecruiters.com"),
        ("SMARTRECRUITERS_TOKEN_URL", "http://api.smartrecruiters.com/token"),
        ("ENCRYPTION_KEYS", "short"),
        ("SMARTRECRUITERS_API_URL", "ftp://api"),
        ("SMARTRECRUITERS_TOKEN_URL", "api.smartrecruiters.com/token"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_name(tmp_path, name, value):
    with pytest.raises(SettingsProblem) as problem:
        from_environment({"DATA_DIR": str(tmp_path), **PRODUCTION, name: value})
    assert [line.split()[0] for line in str(problem.value).splitlines()] == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAIL_URL", "smtp://mail.example.org"),
        ("MAIL_URL", "smtp://user:pass@mail.example.org:587?starttls=1"),
        ("MAIL_URL", "smtp://user:pass@127.0.0.1:25"),
        ("PUBLIC_URL", "https://assess.example.org/"),
        ("DATABASE_URL", "postgresql+psycopg://db/x"),
        ("REDIS_URL", "unix:///run/redis.sock"),
        ("SUPPORT_URL", "support@example.org"),
        ("SUPPORT_URL", "mailto:support@example.org?subject=Help"),
        ("SUPPORT_URL", "https://example.org/help"),
        ("SMARTRECRUITERS_API_URL", "http://127.0.0.1:9000"),
    ],
)
def test_what_is_safe_is_taken(tmp_path, name, value):
    assert from_environment({"DATA_DIR": str(tmp_path), **PRODUCTION, name: value})


def test_what_production_hardly_wants_is_said_in_one_sentence_each(tmp_path):
    hardly = from_environment({"DATA_DIR": str(tmp_path), **PRODUCTION})
    assert [line.split()[0] for line in hardly.warnings] == ["DATABASE_URL", "SUPPORT_URL"]
    better = {"DATABASE_URL": "postgresql://db/x", "SUPPORT_URL": "support@example.org"}
    assert from_environment({"DATA_DIR": str(tmp_path), **PRODUCTION, **better}).warnings == []
    assert from_environment({"DATA_DIR": str(tmp_path)}).warnings == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "postgresql://u:p@db.example.org/x", 1),
        ("DATABASE_URL", "postgresql://u:p@db.example.org/x?sslmode=prefer", 1),
        ("DATABASE_URL", "postgresql://u:p@db.example.org/x?sslmode=require", 0),
        ("DATABASE_URL", "postgresql://u:p@db.example.org/x?sslmode=verify-full", 0),
        ("DATABASE_URL", "postgresql://u:p@127.0.0.1/x", 0),
        ("DATABASE_URL", "postgresql:///x?host=/run/postgresql", 0),
        ("DATABASE_URL", "postgresql://u:p@db/x", 0),
        ("REDIS_URL", "redis://redis.example.org/0", 2),
        ("REDIS_URL", "redis://:pass@redis.example.org/0", 1),
        ("REDIS_URL", "rediss://redis.example.org/0", 1),
        ("REDIS_URL", "rediss://:pass@redis.example.org/0", 0),
        ("REDIS_URL", "redis://10.1.2.3:6379", 2),
        ("REDIS_URL", "redis://[2001:db8::1]:6379", 2),
        ("REDIS_URL", "redis://redis:6379/0", 0),
        ("REDIS_URL", "unix:///run/redis.sock", 0),
        ("MAIL_URL", "smtp://mail.example.org", 1),
        ("MAIL_URL", "smtp://mail.example.org?starttls=1", 0),
        ("MAIL_URL", "smtp://127.0.0.1", 0),
    ],
)
def test_what_crosses_a_network_in_the_clear_is_warned_of(tmp_path, name, value, said):
    well = {"DATABASE_URL": "postgresql://db/x", "SUPPORT_URL": "support@example.org"}
    environment = {"DATA_DIR": str(tmp_path), **PRODUCTION, **well, name: value}
    warnings = from_environment(environment).warnings
    assert [line.split()[0] for line in warnings] == [name] * said
    assert not any("p@db" in line or ":pass" in line for line in warnings)


def test_no_secret_shows_in_repr(tmp_path):
    settings = from_environment({"DATA_DIR": str(tmp_path), **PRODUCTION})
    for secret in (settings.secret_key, settings.encryption_keys[0], "user:pass"):
        assert secret not in repr(settings)


def test_plain_postgresql_urls_get_the_driver_that_we_ship(tmp_path):
    for plain in ("postgres://db/x", "postgresql://db/x"):
        settings = from_environment({"DATA_DIR": str(tmp_path), "DATABASE_URL": plain})
        assert settings.database_url == "postgresql+psycopg://db/x"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.9", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("x.org", False),
    ],
)
def test_loopback(host, expected):
    assert is_loopback(host) is expected


def test_the_log_level_is_info_unless_it_is_chosen(tmp_path):
    assert from_environment({"DATA_DIR": str(tmp_path)}).log_level == "INFO"
    for level in ("DEBUG", "INFO", "WARNING"):
        settings = from_environment({"DATA_DIR": str(tmp_path), "LOG_LEVEL": level})
        assert settings.log_level == level


def test_more_names_and_the_number_of_proxies(tmp_path):
    def read(**more: str):
        return from_environment({"DATA_DIR": str(tmp_path)} | more)

    assert (read().allowed_hosts, read().proxies) == ((), 0)
    hosts = read(ALLOWED_HOSTS=" One.example.org ,10.0.0.7,[2001:DB8:0::7],").allowed_hosts
    assert hosts == ("one.example.org", "10.0.0.7", "2001:db8::7")
    assert read(PROXIES="2").proxies == 2
    for bad in ("a b", "https://a.example", "a.example:80", "*.example.org", "a..b"):
        with pytest.raises(SettingsProblem, match="ALLOWED_HOSTS"):
            read(ALLOWED_HOSTS=bad)
    for bad in ("-1", "one", "11", "²"):
        with pytest.raises(SettingsProblem, match="PROXIES"):
            read(PROXIES=bad)
