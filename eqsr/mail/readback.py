"""Parse a message again before it is sent, and compare its headers with what was meant.

Libraries do not always write what they are given (mail.headers).
"""

import email
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses

from eqsr.core.email_addresses import on_the_wire


@dataclass(frozen=True)
class ExpectedHeaders:
    """The headers that a message must have."""

    name: str
    sender: str
    to_address: str
    subject: str
    message_id: str
    reply_to: str | None = None


def differs(wire: bytes, expected: ExpectedHeaders) -> str | None:
    """Return the first header that differs (or "head" or "body"); None if all is as expected."""
    # The older parser, which shares no code with the writer.
    message = email.message_from_bytes(wire, policy=compat32)
    head = wire.partition(b"\n\n")[0]
    if not (head.isascii() or not expected.to_address.isascii()):
        return "head"
    meant = {
        "From": [(expected.name, expected.sender)],
        "To": [("", on_the_wire(expected.to_address))],
        "Reply-To": [("", on_the_wire(expected.reply_to))] if expected.reply_to else [],
    }
    for header, people in meant.items():
        if _people(message, header) != people:
            return header
    if _texts(message, "Subject") != [" ".join(expected.subject.split())]:
        return "Subject"
    if _raw(message, "Message-ID") != [expected.message_id]:
        return "Message-ID"
    return None if _in_seven_bits(wire, head) else "body"


def _people(message: Message, header: str) -> list[tuple[str, str]]:
    found = _raw(message, header)
    if len(found) > 1:
        return []
    return [(" ".join(_decoded(name).split()), address) for name, address in getaddresses(found)]


def _texts(message: Message, header: str) -> list[str]:
    return [" ".join(_decoded(one).split()) for one in _raw(message, header)]


def _raw(message: Message, header: str) -> list[str]:
    """All headers of this name, unfolded but not decoded."""
    return [
        value.encode("utf-8", "surrogateescape").decode("utf-8").replace("\n", "").strip()
        for name, value in message.raw_items()
        if name.lower() == header.lower()
    ]


def _decoded(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, UnicodeError):
        return text


def _in_seven_bits(wire: bytes, head: bytes) -> bool:
    """True if the body is ASCII and no line is longer than 998 bytes (RFC 5322, 2.1.1)."""
    body = wire[len(head) :]
    return body.isascii() and all(len(line) <= 998 for line in wire.splitlines())
