"""What a bounce says about one email, and sentences for its codes (RFC 3463)."""

from dataclasses import dataclass

from eqsr.mail.faults import Fault


def N_(sentence: str) -> str:
    """Mark a sentence for translation when it is shown."""
    return sentence


# Keys are "subject.detail" or "subject" of a code class.subject.detail (RFC 3463); the longest
# match gives the reason.
BOUNCE_REASONS = {
    "1.1": N_("There is no such mailbox at this address."),
    "1.2": N_("The part of the address after the @ does not exist."),
    "1.3": N_("The address is not written as mail servers expect it."),
    "1.6": N_("The mailbox has moved, and nobody knows where to."),
    "1.10": N_("The part of the address after the @ takes no mail."),
    "1": N_("The address does not work."),
    "2.1": N_("The mailbox is switched off."),
    "2.2": N_("The mailbox is full."),
    "2.3": N_("The mailbox takes no mail as large as this."),
    "2": N_("The mailbox takes no mail."),
    "4.1": N_("The mail server of this address does not answer."),
    "4.4": N_("No mail server was found for this address."),
    "4.7": N_("The mail could not be delivered within the time that was tried."),
    "4": N_("The mail server of this address could not be reached."),
    "6": N_("The mail server could not handle the mail's content."),
    "7": N_("The mail server refuses our mail by its own rules."),
    "": N_("The mail server gave no clear reason."),
}


@dataclass(frozen=True)
class BounceReport:
    """The outcome of one email. ``code``: as in RFC 3463; ``said``: the server's own text."""

    message_id: str
    permanent: bool
    code: str
    said: str
    fault: Fault

    @property
    def reason(self) -> str:
        """The reason as a translatable sentence."""
        _class, subject, detail = self.code.split(".")
        keys = (f"{subject}.{detail}", subject, "")
        return next(BOUNCE_REASONS[key] for key in keys if key in BOUNCE_REASONS)
