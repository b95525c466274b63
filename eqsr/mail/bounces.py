"""Read bounces: delivery status notifications of mail servers (RFC 3464).

A report only counts if it contains the headers of an email of ours, with its Message-ID, which
nobody can guess.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import Message
from typing import cast

from eqsr.mail.bounce_report import BounceReport
from eqsr.mail.faults import Fault
from eqsr.mail.sorting import sort_report

# Bytes of a message that are read: reports are small, and the returned email may be cut off.
MAX_BYTES = 1 << 18
_CODE = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,190}>")


def read(raw: bytes) -> BounceReport | None:
    """Read the report in a message; None if it is no report or reports success. Never raises."""
    message = email.message_from_bytes(raw[:MAX_BYTES], policy=email.policy.compat32)
    if message.get_content_type() != "multipart/report":
        return None
    parts = list(message.walk())
    message_id = next(filter(None, map(_returned_id, parts)), None)
    outcomes = [found for part in parts for found in _outcomes(part)]
    if message_id is None or not outcomes:
        return None
    # Our emails have one recipient; if a server lists several, the worst outcome counts.
    return BounceReport(message_id, *max(outcomes, key=lambda outcome: outcome[0]))


def _returned_id(part: Message) -> str | None:
    """The Message-ID of the email that this part returns, or None."""
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        heads = [str(one.get("Message-ID", "")) for one in _messages_in(part)[:1]]
    elif part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
        heads = [str(email.message_from_string(_text(part)).get("Message-ID", ""))]
    else:
        return None
    found = _MESSAGE_ID.search(heads[0]) if heads else None
    return found and found[0]


def _outcomes(part: Message) -> Iterator[tuple[bool, str, str, Fault]]:
    """Yield (permanent, code, server's text, fault) for each recipient that did not get it."""
    if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
        return
    for fields in _messages_in(part):
        status = str(fields.get("Status", ""))
        found = _CODE.match(status)
        action = str(fields.get("Action", "")).split(";")[0].strip().lower()
        if found is None or action not in ("failed", "delayed") or found[1] == "2":
            continue
        said = str(fields.get("Diagnostic-Code", "")).partition(";")[2]
        said = " ".join(said.split())[:200]
        # "failed" is final even with a code 4.x.x: a server that gives up after days reports the
        # code of its last attempt (RFC 3464, 2.3.3).
        verdict = sort_report(status, said)
        permanent = action == "failed"
        code = f"{found[1]}{verdict.code[1:]}" if permanent else ".".join(found.groups())
        yield permanent, code, said, verdict.fault if permanent else Fault.PASSING


def _messages_in(part: Message) -> list[Message]:
    """The parts of a multipart message."""
    return cast(list[Message], part.get_payload())


def _text(part: Message) -> str:
    raw = part.get_payload(decode=True) or b""
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
