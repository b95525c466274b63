"""Send a message to the mail server by SMTP; mail.sorting classifies refusals."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import parseaddr
from functools import cache
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

from eqsr.core.email_addresses import on_the_wire
from eqsr.core.settings import Settings
from eqsr.mail.faults import Fault, SmtpStage
from eqsr.mail.sorting import sort

SMTP_TIMEOUT = 30.0


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


def new_message_id(mail_from: str) -> str:
    """Make a Message-ID that nobody can guess, in the domain of the sender."""
    domain = parseaddr(mail_from)[1].partition("@")[2] or "localhost"
    return f"<{uuid4()}@{domain}>"


def send(settings: Settings, message: EmailMessage) -> None:
    """Send a message in one SMTP session.

    Raises MailRefused, MailServerUnavailable, or Unwelcome if the server refuses us or does not
    answer.
    """
    talk = _Session()
    try:
        talk.open(settings)
        try:
            talk.hand_over(message)
        finally:
            talk.leave()
    except smtplib.SMTPResponseException as error:
        raise _sorted(talk.stage, error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPNotSupportedError as error:
        raise _sorted(talk.stage, 504, str(error)) from None
    except (smtplib.SMTPException, OSError) as error:
        raise _broken_off(talk.stage, error) from None


def ping(settings: Settings) -> None:
    """Connect and log in. Raises MailServerUnavailable if that fails."""
    talk = _Session()
    try:
        talk.open(settings)
        try:
            talk.server.noop()
        finally:
            talk.leave()
    except smtplib.SMTPResponseException as error:
        raise _sorted(talk.stage, error.smtp_code, error.smtp_error) from None
    except (smtplib.SMTPException, OSError) as error:
        raise _broken_off(talk.stage, error) from None


class _Session:
    """An SMTP session that knows its stage, which smtplib's exceptions do not say."""

    def __init__(self) -> None:
        self.stage = SmtpStage.CONNECT
        self.server: smtplib.SMTP

    def open(self, settings: Settings) -> None:
        """Connect, start TLS and log in, as MAIL_URL says."""
        parts = urlsplit(settings.mail_url)
        # Given here, because smtplib would look up our own name, which can take seconds.
        name = urlsplit(settings.public_url).hostname
        secure = parts.scheme == "smtps"
        if secure:
            self.server = smtplib.SMTP_SSL(
                parts.hostname or "",
                parts.port or 465,
                name,
                timeout=SMTP_TIMEOUT,
                context=_trust(),
            )
        else:
            self.server = smtplib.SMTP(
                parts.hostname or "", parts.port or 25, name, timeout=SMTP_TIMEOUT
            )
        try:
            self.stage = SmtpStage.HELLO
            self.server.ehlo_or_helo_if_needed()
            if not secure and parse_qs(parts.query).get("starttls") == ["1"]:
                self.server.starttls(context=_trust())
                self.server.ehlo_or_helo_if_needed()
            if parts.username:
                self.stage = SmtpStage.LOGIN
                self.server.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            self.server.close()
            raise

    def hand_over(self, message: EmailMessage) -> None:
        """Send the message to the recipient in its header.

        It is in 7 bits, unless the recipient's local part needs SMTPUTF8 (RFC 6531).
        """
        sender, recipient = _address_in(message, "From"), _address_in(message, "To")
        options = []
        if not recipient.isascii():
            if not self.server.has_extn("smtputf8"):
                raise MailRefused(
                    "the part of the address before the @ has letters that our mail server can't "
                    "write to"
                )
            options = ["SMTPUTF8", "BODY=8BITMIME"]
            self.server.command_encoding = "utf-8"
        self.stage = SmtpStage.SENDER
        self._expect(self.server.mail(sender, options))
        self.stage = SmtpStage.RECIPIENT
        self._expect(self.server.rcpt(recipient))
        self.stage = SmtpStage.DATA
        wire = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
        self._expect(self.server.data(wire))

    def leave(self) -> None:
        """End the session; ignores errors, because the message may have been accepted already."""
        with suppress(smtplib.SMTPException, OSError):
            self.server.quit()
        self.server.close()

    @staticmethod
    def _expect(answer: tuple[int, bytes]) -> None:
        code, said = answer
        if not 200 <= code < 300:
            raise smtplib.SMTPResponseException(code, said)


def _address_in(message: EmailMessage, header: str) -> str:
    return on_the_wire(message[header].addresses[0].addr_spec)


@cache
def _trust() -> ssl.SSLContext:
    # Cached, because reading the machine's certificates takes longer than sending an email.
    return ssl.create_default_context()


def _sorted(stage: SmtpStage, code: int, text: bytes | str) -> Exception:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    verdict, answer = sort(stage, code, said), f"{code} {' '.join(said.split())[:200]}"
    if verdict.everyone:
        return Unwelcome(answer, verdict.fault is Fault.US)
    if verdict.fault is Fault.PASSING:
        return MailServerUnavailable(answer)
    return MailRefused(answer, verdict.fault)


def _broken_off(stage: SmtpStage, error: Exception) -> MailServerUnavailable:
    said = f"the mail server can't be reached ({type(error).__name__})"
    return Unwelcome(said, False) if sort(stage, 0, "").everyone else MailServerUnavailable(said)
