"""The errors by which sending an email can fail."""

from eqsr.mail.faults import Fault


class MailRefused(Exception):
    """The server refuses this message for good. ``fault``: RECIPIENT or CONTENT."""

    retryable = False

    def __init__(self, said: str, fault: Fault = Fault.RECIPIENT) -> None:
        super().__init__(said)
        self.fault = fault


class MailServerUnavailable(Exception):
    """The server can't be reached, or answers that we should try again later."""

    retryable = True


class Unwelcome(MailServerUnavailable):
    """The server would refuse any message from us now, so no recipient is to blame.

    ``ours``: it refuses us as a sender; else it is unreachable or overloaded.
    """

    def __init__(self, said: str, ours: bool) -> None:
        super().__init__(said)
        self.ours = ours
