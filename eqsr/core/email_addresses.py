"""Is this an address that a mail can be sent to, and how is it written on the wire?"""

import re
from contextlib import suppress

import idna

from eqsr.core.invisible import clean_address
from eqsr.core.messages import UserError

# Enough to catch a slip of the finger. No longer than an address may be: 254 characters.
_TYPED = re.compile(r"[^@\s<>\"(),:;\[\]\\]{1,64}@[^@\s<>\"(),:;\[\]\\]{1,189}")
# Deliberately narrower than RFC 5321 (no quoted local parts, no address literals): what
# applicants type, and what every mail server takes.
_LOCAL = re.compile(r"[^\s@\x00-\x1f\"(),:;<>\[\]\\]{1,64}")
_DOMAIN = re.compile(r"(?=.{1,253}$)([^\W_]([\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]")
# Behind these nobody reads answers, whatever stands between the words and after them.
_UNREAD = re.compile(
    r"((do|please)[-._]?)*(no|not|non|never|donot)[-._]?(reply|respond|response|answer)\b.*"
    r"|(mailer[-._]?daemon|bounces?|postmaster)([-._+].*)?"
)


def looks_like_address(text: str) -> bool:
    """True for what may be an address of somebody who logs in or signs up. Whether it exists, only
    an email can tell; a host without a dot, such as localhost, will do."""
    return _TYPED.fullmatch(clean_address(text)) is not None


def checked_address(text: str | None) -> str:
    """Like usable_address. Raises UserError when no email could reach the address."""
    address = usable_address(text)
    if address is None:
        raise UserError("This e-mail address can't be used. Check it for typing mistakes.")
    return address


def usable_address(text: str | None) -> str | None:
    """The address without blanks around it and signs that nobody sees, or None when no mail could
    reach it."""
    address = clean_address(text or "")
    local, at, domain = address.rpartition("@")
    dotted_badly = local.startswith(".") or local.endswith(".") or ".." in local
    if not at or dotted_badly or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        return None
    return address if ascii_domain(domain) else None


def ascii_domain(domain: str) -> str | None:
    """The domain as every server knows it (IDNA 2008 after the mapping of UTS 46, not the older
    form of Python's own codec); None where it has none."""
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None


def plain_address(address: str) -> str:
    """One way of writing for all that a mail server takes for the same domain: wide or styled
    letters, upper case and the ASCII form become what people read. Who counts mails to an address
    counts this one. Raises ValueError where the domain has no form in ASCII."""
    local, _at, domain = on_the_wire(address).rpartition("@")
    with suppress(idna.IDNAError, UnicodeError):
        domain = idna.decode(domain)
    return f"{local}@{domain.lower()}"


def on_the_wire(address: str) -> str:
    """The address with its domain in ASCII. Only a local part that is not ASCII still needs
    SMTPUTF8. Raises ValueError where the domain has no such form."""
    local, _at, domain = address.rpartition("@")
    plain = ascii_domain(domain)
    if plain is None:
        raise ValueError("this domain has no form in ASCII")
    return f"{local}@{plain}"


def is_read(address: str) -> bool:
    """Its name does not say that nobody reads it (no-reply and the like)."""
    return not _UNREAD.fullmatch(address.partition("@")[0].lower())
