"""Check settings that are addresses: each ``…_problems`` returns one sentence per mistake."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """True for localhost and the loopback addresses of IPv4 and IPv6."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def url_problems(name: str, value: str) -> list[str]:
    """``value`` must be a full http or https URL; ``name`` is the setting's name."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        return [f"{name} must be a full address such as https://assess.example.org."]
    return []


def site_problems(public_url: str) -> list[str]:
    """PUBLIC_URL must be a full URL without a path: addresses are made by joining it with one."""
    problems = url_problems("PUBLIC_URL", public_url)
    if not problems and urlsplit(public_url)[2:] != ("", "", ""):
        problems = ["PUBLIC_URL must be the site's address alone, without a path."]
    return problems


def port_problems(port: str) -> list[str]:
    """PORT must be a TCP port."""
    if port.isdigit() and 0 < int(port) < 65536:
        return []
    return ["PORT must be a number from 1 to 65535."]


def host_names(value: str | None) -> tuple[str, ...]:
    """Split ALLOWED_HOSTS at commas; lower case, IP addresses in their standard form."""
    names = (name.strip().lower().strip("[]") for name in (value or "").split(","))
    return tuple(_as_written(name) for name in names if name)


def _as_written(name: str) -> str:
    try:
        return str(ip_address(name))
    except ValueError:
        return name


def hosts_problems(value: str | None) -> list[str]:
    """ALLOWED_HOSTS must hold host names or IP addresses."""
    if all(_is_host(name) for name in host_names(value)):
        return []
    return ["ALLOWED_HOSTS must hold host names or IP addresses without ports, comma-separated."]


def _is_host(name: str) -> bool:
    try:
        return bool(ip_address(name))
    except ValueError:
        return bool(re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", name)) and len(name) <= 253


def proxies_problems(value: str | None) -> list[str]:
    """PROXIES must be a number from 0 to 10, if given."""
    if not value or (value.isascii() and value.isdigit() and int(value) <= 10):
        return []
    return ["PROXIES must be how many proxies stand in front: a number from 0 to 10."]
