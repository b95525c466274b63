"""Classify a mail server's refusal: the recipient's fault, the content's, ours, or temporary.

Sources: RFC 3463 and the registry of RFC 5248 (enhanced status codes), RFC 5321 4.2 (basic codes),
RFC 6710, 7293, 7372, 7505 (later codes), and what large providers document about their own use:
Google Workspace "SMTP errors and codes", Microsoft "Email non-delivery reports in Exchange Online",
Amazon SES "SMTP response codes", Postfix bounce(8), Exim's specification of errors.
"""

import re

from eqsr.mail import phrases
from eqsr.mail.faults import Fault, SmtpStage, Verdict

# Keys are "subject.detail" or "subject" of the code; the longest match counts. Codes that servers
# use for several things are left out: their text decides, then the stage.
_BY_CODE = {
    "1": Fault.RECIPIENT,
    "1.7": Fault.US,  # the sender's address is misspelt
    "1.8": Fault.US,  # the sender's domain does not exist; Exchange Online: a blocked sender
    "1.9": Fault.US,  # RFC 6710: our message was relayed to a system that can't handle it
    "2.1": Fault.RECIPIENT,
    "2.2": Fault.RECIPIENT,
    "2.3": Fault.CONTENT,  # larger than the mailbox takes
    "2.4": Fault.RECIPIENT,
    "3.4": Fault.CONTENT,  # larger than the system takes
    "3.6": Fault.US,
    "4.1": Fault.RECIPIENT,  # no answer from the host; Exchange Online: no such recipient
    "4.2": Fault.PASSING,
    "4.3": Fault.PASSING,
    "4.4": Fault.RECIPIENT,  # no route to the domain
    "4.5": Fault.US,  # congestion; Google: the daily limit of the sender
    "4.6": Fault.RECIPIENT,  # a loop
    "4.7": Fault.RECIPIENT,  # its time was over
    "4.14": Fault.RECIPIENT,
    "5.3": Fault.PASSING,
    "6": Fault.CONTENT,
    "6.7": Fault.RECIPIENT,  # RFC 6531: the address needs SMTPUTF8
    "6.9": Fault.RECIPIENT,
    "7": Fault.US,
    "7.2": Fault.RECIPIENT,  # a mailing list that takes none from us
    "7.17": Fault.RECIPIENT,  # RFC 7293: the mailbox belongs to somebody else now
    "7.18": Fault.RECIPIENT,
    # Exchange Online: the recipient takes mail from chosen senders only.
    "7.124": Fault.RECIPIENT,
    "7.129": Fault.RECIPIENT,
    "7.133": Fault.RECIPIENT,
    "7.134": Fault.RECIPIENT,
    "7.135": Fault.RECIPIENT,
    "7.136": Fault.RECIPIENT,
}
# Servers use these codes so loosely that the text counts first, then the code, then the stage.
_LOOSE = frozenset(
    ("", "0", "0.0", "1.0", "1.8", "2.0", "3", "3.0", "3.2", "4.0", "4.1", "4.4", "5", "5.0", "5.1")
    + ("5.2", "5.4", "6.0", "7", "7.0", "7.1")
)

# Temporary refusals with these codes concern all our email, not only one recipient.
_EVERYONE_LATER = frozenset(("3.1", "3.2", "3.5", "4.5", "7.28"))

_ENHANCED = re.compile(r"(?:^|[\s;:#(\[-])([245])\.(\d{1,3})\.(\d{1,3})(?!\d|\.\d)")


def sort(stage: SmtpStage, code: int, text: str) -> Verdict:
    """Classify an answer that was not positive.

    ``code``: the basic code, such as 550, or 0 if the connection failed or broke off. ``text``: the
    server's text, which may begin with an enhanced code.
    """
    key = _enhanced(text)
    if 500 <= code < 600:
        return _permanent(stage, key, text)
    full = f"4.{key}" if key else "4"
    # x.2.x concerns the recipient's mailbox, whatever the text says (RFC 3463, 3.3).
    quota = not key.startswith("2.") and phrases.about_all_our_mail(text)
    early = stage < SmtpStage.RECIPIENT
    everyone = early or code == 421 or key in _EVERYONE_LATER or quota
    return Verdict(Fault.US if quota and not early else Fault.PASSING, full, everyone)


def sort_report(status: str, diagnostic: str) -> Verdict:
    """Classify a bounce by its Status and Diagnostic-Code; Exim's Status is always 5.0.0."""
    in_status, in_diagnostic = _enhanced(status), _enhanced(diagnostic)
    key = in_diagnostic if in_status in _LOOSE and in_diagnostic else in_status
    return _permanent(SmtpStage.REPORT, key, diagnostic)


def _permanent(stage: SmtpStage, key: str, text: str) -> Verdict:
    full = f"5.{key}" if key else "5"
    if stage < SmtpStage.RECIPIENT:
        return Verdict(Fault.US, full, True)
    fault = _fault(stage, key, text)
    return Verdict(fault, full, fault is Fault.US)


def _fault(stage: SmtpStage, key: str, text: str) -> Fault:
    by_code = _by_code(key)
    if key in _LOOSE or by_code is None:
        default = Fault.CONTENT if stage is SmtpStage.DATA else Fault.RECIPIENT
        return phrases.fault_in(text) or by_code or default
    return by_code


def _by_code(key: str) -> Fault | None:
    return _BY_CODE.get(key) or _BY_CODE.get(key.partition(".")[0])


def _enhanced(text: str) -> str:
    found = _ENHANCED.search(text)
    return f"{int(found[2])}.{int(found[3])}" if found else ""
