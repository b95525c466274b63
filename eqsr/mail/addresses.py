"""Is this an address that a mail can be sent to?"""

import re

# Deliberately narrower than RFC 5321 (no quoted local parts, no address literals): what
# applicants type, and what every mail server takes.
_LOCAL = re.compile(r"[^\s@\x00-\x1f\"(),:;<>\[\]\\]{1,64}")
_DOMAIN = re.compile(r"(?=.{1,253}$)([^\W_]([\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]")


def usable_address(text: str | None) -> str | None:
    """The address without surrounding blanks, or None when no mail could reach it."""
    address = (text or "").strip()
    local, at, domain = address.rpartition("@")
    dotted_badly = local.startswith(".") or local.endswith(".") or ".." in local
    if not at or dotted_badly or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        return None
    return address
