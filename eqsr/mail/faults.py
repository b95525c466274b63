"""Words for what a mail server refused, and how far the conversation was."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class SmtpStage(IntEnum):
    """How far a conversation was. REPORT: the answer is in a report that came back (RFC 3464)."""

    CONNECT = 0
    HELLO = 1
    LOGIN = 2
    SENDER = 3
    RECIPIENT = 4
    DATA = 5
    REPORT = 6


class Fault(StrEnum):
    """RECIPIENT: this address takes no mail. CONTENT: this message is not taken. US: the server
    wants nothing, or nothing now, from this installation. PASSING: it may work later."""

    RECIPIENT = "recipient"
    CONTENT = "content"
    US = "us"
    PASSING = "passing"


@dataclass(frozen=True)
class Verdict:
    """``code``: "5.1.1" as in RFC 3463, or "5" where the server gave none. ``everyone``: the next
    message would be answered in the same way, whoever it is for."""

    fault: Fault
    code: str
    everyone: bool = False
