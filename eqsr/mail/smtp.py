"""Handing a message to the mail server; eqsr.mail.sorting says whose fault a refusal is."""

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
    """The server will never take this message for this address. ``fault``: RECIPIENT or CONTENT."""

    retryable = False

    def __init__(self, said: str, fault: Fault = Fault.RECIPIENT) -> None:
        super().__init__(said)
        self.fault = fault


class MailServerUnavailable(Exception):
    """The server can't be reached, or says to try again later."""

    retryable = True


class Unwelcome(MailServerUnavailable):
    """So it will be for every message of ours: no recipient is to blame, and none is to be tried
    until the server takes mail again. ``ours``: it refuses us; else it is away or too busy."""

    def __init__(self, said: str, ours: bool) -> None:
        super().__init__(said)
        self.ours = ours


def new_message_id(mail_from: str) -> str:
    domain = parseaddr(mail_from)[1].partition("@")[2] or "localhost"
    return f"<{uuid4()}@{domain}>"


def send(settings: Settings, message: EmailMessage) -> None:
    """One SMTP conversation. Raises Refused, Away, or Unwelcome where the server has something
    against us or does not answer."""
    talk = _Talk()
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
    """Raises Away when the mail server does not greet us or refuses our login."""
    talk = _Talk()
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


class _Talk:
    """A conversation, which knows how far it is: smtplib's exceptions do not tell."""

    def __init__(self) -> None:
        self.stage = SmtpStage.CONNECT
        self.server: smtplib.SMTP

    def open(self, settings: Settings) -> None:
        parts = urlsplit(settings.mail_url)
        # Named here because smtplib would ask the name server who we are, which can take seconds.
        name = urlsplit(settings.public_url).hostname
        secure = parts.scheme == "smtps"
        if secure:
            self.server = smtplib.SMTP_SSL(
                parts.hostname, parts.port or 465, name, timeout=SMTP_TIMEOUT, context=_trust()
            )
        else:
            self.server = smtplib.SMTP(parts.hostname, parts.port or 25, name, timeout=SMTP_TIMEOUT)
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
        """To the one recipient in its head. The message is in 7 bits, unless its recipient's name
        needs SMTPUTF8 (RFC 6531)."""
        sender, recipient = _written(message, "From"), _written(message, "To")
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
        # Once the message was accepted, trouble with saying goodbye must not look like a failure.
        with suppress(smtplib.SMTPException, OSError):
            self.server.quit()
        self.server.close()

    @staticmethod
    def _expect(answer: tuple[int, bytes]) -> None:
        code, said = answer
        if not 200 <= code < 300:
            raise smtplib.SMTPResponseException(code, said)


def _written(message: EmailMessage, header: str) -> str:
    return on_the_wire(message[header].addresses[0].addr_spec)


@cache
def _trust() -> ssl.SSLContext:
    # Reading the machine's certificates takes longer than sending a mail.
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
