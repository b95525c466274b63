"""Check email addresses and bring them into the form that mail servers need."""

import re
from contextlib import suppress

import idna

from eqsr.core.invisible import clean_address
from eqsr.core.messages import UserError

# A loose check against typing mistakes; at most 254 characters, as long as an address may be.
_TYPED = re.compile(r"[^@\s<>\"(),:;\[\]\\]{1,64}@[^@\s<>\"(),:;\[\]\\]{1,189}")
# Narrower than RFC 5321 on purpose (no quoted local parts, no address literals): applicants type
# addresses like these, and every mail server accepts them.
_LOCAL = re.compile(r"[^\s@\x00-\x1f\"(),:;<>\[\]\\]{1,64}")
_DOMAIN = re.compile(r"(?=.{1,253}$)([^\W_]([\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]")
# Local parts whose mailbox nobody reads, such as no-reply, with any suffix.
_UNREAD = re.compile(
    r"((do|please)[-._]?)*(no|not|non|never|donot)[-._]?(reply|respond|response|answer)\b.*"
    r"|(mailer[-._]?daemon|bounces?|postmaster)([-._+].*)?"
)


def looks_like_address(text: str) -> bool:
    """True if the text may be an address, for people who log in or sign up.

    Looser than ``usable_address``: accepts a host without a dot, such as localhost. Only an email
    shows whether the address exists.
    """
    return _TYPED.fullmatch(clean_address(text)) is not None


def checked_address(text: str | None) -> str:
    """Like ``usable_address``, but raises UserError if the address is not valid."""
    address = usable_address(text)
    if address is None:
        raise UserError("This e-mail address can't be used. Check it for typing mistakes.")
    return address


def usable_address(text: str | None) -> str | None:
    """Clean an address of outer spaces and invisible characters; None if it is not valid."""
    address = clean_address(text or "")
    local, at, domain = address.rpartition("@")
    dotted_badly = local.startswith(".") or local.endswith(".") or ".." in local
    if not at or dotted_badly or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        return None
    return address if ascii_domain(domain) else None


def ascii_domain(domain: str) -> str | None:
    """The ASCII form of a domain (IDNA 2008 with the UTS 46 mapping); None if it has none.

    Python's own ``idna`` codec implements the older IDNA 2003.
    """
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None


def plain_address(address: str) -> str:
    """Normalise the domain, so that different spellings of one address compare equal.

    Full-width or styled letters, upper case and the ASCII form all become the readable form.
    Limits per address count this form. Raises ValueError if the domain has no ASCII form.
    """
    local, _at, domain = on_the_wire(address).rpartition("@")
    with suppress(idna.IDNAError, UnicodeError):
        domain = idna.decode(domain)
    return f"{local}@{domain.lower()}"


def on_the_wire(address: str) -> str:
    """The address with its domain in ASCII, as SMTP needs it.

    Only a non-ASCII local part still needs SMTPUTF8. Raises ValueError if the domain has no ASCII
    form.
    """
    local, _at, domain = address.rpartition("@")
    plain = ascii_domain(domain)
    if plain is None:
        raise ValueError("this domain has no form in ASCII")
    return f"{local}@{plain}"


def is_read(address: str) -> bool:
    """False for addresses such as no-reply or mailer-daemon, whose mailbox nobody reads."""
    return not _UNREAD.fullmatch(address.partition("@")[0].lower())
