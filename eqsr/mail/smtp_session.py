"""One SMTP session with the mail server: connect, log in, send a message."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from functools import cache
from urllib.parse import parse_qs, unquote, urlsplit

from eqsr.core.email_addresses import on_the_wire
from eqsr.core.settings import Settings
from eqsr.mail.faults import SmtpStage
from eqsr.mail.smtp_errors import MailRefused

SMTP_TIMEOUT = 30.0


class SmtpSession:
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

    def send(self, message: EmailMessage) -> None:
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

    def quit(self) -> None:
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
