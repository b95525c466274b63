"""How the head of a message is written, where Python's own way breaks what it is given.

Up to 3.11.7 (mended in later ones, python/cpython #80222) a long display name loses its quotes when
it is folded, and its commas then make several senders of one. A subject loses blanks. A long
address on the web becomes encoded words, which no program follows (RFC 2369, 2; RFC 2047, 5).
"""

from email import policy
from email.header import Header
from email.headerregistry import (
    HeaderRegistry,
    UniqueAddressHeader,
    UniqueSingleAddressHeader,
    UniqueUnstructuredHeader,
)
from email.policy import EmailPolicy
from email.utils import quote

MAX_WORD = 60


class _InOneLine(UniqueUnstructuredHeader):
    """A header that a line break would spoil: addresses on the web, and identifiers."""

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _Text(UniqueUnstructuredHeader):
    """A subject: wholly in encoded words or not at all, for Python loses a blank between a word
    that is encoded and one that is not, where a line breaks there."""

    def fold(self, *, policy: EmailPolicy) -> str:
        text = str(self)
        # A long word can't be folded, and would leave a line with nothing on it before.
        long = any(len(word) > MAX_WORD for word in text.split())
        written = _encoded(text, "Subject") if long or _special(text) else _folded(text)
        return f"{self.name}: {written.replace(chr(10), policy.linesep)}{policy.linesep}"


class _Addresses(UniqueAddressHeader):
    def fold(self, *, policy: EmailPolicy) -> str:
        written = (_mailbox(one.display_name, one.addr_spec) for one in self.addresses)
        return f"{self.name}: {', '.join(written)}{policy.linesep}"


class _Sender(UniqueSingleAddressHeader):
    def fold(self, *, policy: EmailPolicy) -> str:
        lines = _mailbox(self.address.display_name, self.address.addr_spec).split("\n")
        return f"{self.name}: {policy.linesep.join(lines)}{policy.linesep}"


def policy_for(to_address: str) -> EmailPolicy:
    """To write a message to this address: in 7 bits, and its head in UTF-8 only where the address
    can't be written in any other way (RFC 6532)."""
    if to_address.isascii():
        return _ASCII
    return _ASCII.clone(utf8=True)


def _mailbox(name: str, address: str) -> str:
    if not name:
        return address
    written = _encoded(name, "From") if _special(name) else f'"{quote(name)}"'
    return f"{written}\n <{address}>"


def _special(text: str) -> bool:
    """It must be encoded; also what would be taken for an encoded word without being one."""
    return not text.isascii() or "=?" in text


def _encoded(text: str, header: str) -> str:
    """In encoded words of 75 signs at most (RFC 2047, 2), each on a line of its own."""
    return Header(text, "utf-8", header_name=header).encode()


def _folded(text: str) -> str:
    """With line breaks before blanks, where a line gets long."""
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
    _registry.map_to_type(_name, _kind)
# Servers that lack 8BITMIME are few, and those that rewrite a body break its signature (DKIM).
_ASCII = policy.default.clone(header_factory=_registry, cte_type="7bit")
