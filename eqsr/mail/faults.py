"""The types by which refusals of mail servers are classified."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class SmtpStage(IntEnum):
    """The stage of an SMTP session. REPORT: the answer comes from a bounce (RFC 3464)."""

    CONNECT = 0
    HELLO = 1
    LOGIN = 2
    SENDER = 3
    RECIPIENT = 4
    DATA = 5
    REPORT = 6


class Fault(StrEnum):
    """Whose fault a refusal is.

    RECIPIENT: the address accepts no email. CONTENT: this message is refused. US: the server
    refuses this installation as a sender. PASSING: a later attempt may succeed.
    """

    RECIPIENT = "recipient"
    CONTENT = "content"
    US = "us"
    PASSING = "passing"


@dataclass(frozen=True)
class Verdict:
    """The classification of an answer.

    ``code``: such as "5.1.1" (RFC 3463), or "5" if the server sent none. ``everyone``: the server
    would give the same answer for any other recipient.
    """

    fault: Fault
    code: str
    everyone: bool = False
