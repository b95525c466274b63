"""Write message headers in cases where Python's own serialisation breaks them.

Up to Python 3.11.7 (python/cpython #80222), a long display name loses its quotes when it is folded,
so that commas in it separate several senders. A subject loses spaces. A long URL becomes encoded
words, which no mail program follows (RFC 2369, 2; RFC 2047, 5).
"""

from email import policy
from email.header import Header
from email.headerregistry import (
    BaseHeader,
    HeaderRegistry,
    UniqueAddressHeader,
    UniqueSingleAddressHeader,
    UniqueUnstructuredHeader,
)
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import quote
from typing import cast

# Longest word in characters that a subject may have without being encoded.
MAX_WORD = 60


class _InOneLine(UniqueUnstructuredHeader):
    """A header that must not be folded: URLs and identifiers."""

    name: str

    def fold(self, *, policy: EmailPolicy) -> str:
        """Write the header on one line."""
        return f"{self.name}: {self}{policy.linesep}"


class _Text(UniqueUnstructuredHeader):
    """A subject: encoded either as a whole or not at all.

    Python loses the space between an encoded and a plain word if the line is folded there.
    """

    name: str

    def fold(self, *, policy: EmailPolicy) -> str:
        """Write the header, folded between words or encoded."""
        text = str(self)
        # A long word can't be folded; plain, it would follow an empty line.
        long = any(len(word) > MAX_WORD for word in text.split())
        written = _encoded(text, "Subject") if long or _special(text) else _folded(text)
        return f"{self.name}: {written.replace(chr(10), policy.linesep)}{policy.linesep}"


class _Addresses(UniqueAddressHeader):
    """A list of recipients."""

    name: str

    def fold(self, *, policy: EmailPolicy) -> str:
        """Write all addresses, separated by commas."""
        written = (_mailbox(one.display_name, one.addr_spec) for one in self.addresses)
        return f"{self.name}: {', '.join(written)}{policy.linesep}"


class _Sender(UniqueSingleAddressHeader):
    """The sender, with the name and the address on lines of their own."""

    name: str

    def fold(self, *, policy: EmailPolicy) -> str:
        """Write the name, quoted or encoded, and the address."""
        lines = _mailbox(self.address.display_name, self.address.addr_spec).split("\n")
        return f"{self.name}: {policy.linesep.join(lines)}{policy.linesep}"


def policy_for(to_address: str) -> "EmailPolicy[EmailMessage]":
    """The policy for a message to this address: 7 bits, with UTF-8 headers only if necessary.

    They are necessary if the address is not ASCII (RFC 6532).
    """
    if to_address.isascii():
        return _ASCII
    return _ASCII.clone(utf8=True)


def _mailbox(name: str, address: str) -> str:
    if not name:
        return address
    written = _encoded(name, "From") if _special(name) else f'"{quote(name)}"'
    return f"{written}\n <{address}>"


def _special(text: str) -> bool:
    """True if a text must be encoded: it is not ASCII, or looks like an encoded word."""
    return not text.isascii() or "=?" in text


def _encoded(text: str, header: str) -> str:
    """Write as encoded words of at most 75 characters (RFC 2047, 2), one per line."""
    return Header(text, "utf-8", header_name=header).encode()


def _folded(text: str) -> str:
    """Fold long lines before spaces."""
    return Header(text, "us-ascii", header_name="Subject").encode()


_registry = HeaderRegistry()
for _name, _kind in {
    "subject": _Text,
    "from": _Sender,
    "to": _Addresses,
    "reply-to": _Addresses,
    "list-unsubscribe": _InOneLine,
    "message-id": _InOneLine,
}.items():
    # The registry adds BaseHeader to each class.
    _registry.map_to_type(_name, cast(type[BaseHeader], _kind))
# 7 bits: servers that have no 8BITMIME would rewrite the body and break its DKIM signature.
_ASCII = policy.default.clone(header_factory=_registry, cte_type="7bit")
