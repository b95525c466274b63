"""Handing a message to the mail server, and sorting what it answers."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import parseaddr
from functools import cache
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

from eqsr.settings import Settings

SECONDS = 30.0


class Refused(Exception):
    """The server will never take this message for this address."""

    retryable = False


class Away(Exception):
    """The server can't be reached, or says to try again later."""

    retryable = True


def new_message_id(mail_from: str) -> str:
    domain = parseaddr(mail_from)[1].partition("@")[2] or "localhost"
    return f"<{uuid4()}@{domain}>"


def send(settings: Settings, message: EmailMessage) -> None:
    """One SMTP conversation. Raises Refused (5xx for the recipient or the message, an address
    that can't be written) or Away (anything else: SMTP says 4xx, the network fails, or the server
    wants nothing of us at all, for which no recipient is to blame)."""
    try:
        server = _connect(settings)
        try:
            server.send_message(message)
        finally:
            _leave(server)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _sorted(code, text) from None
    except smtplib.SMTPAuthenticationError:
        raise Away("the mail server refuses our login") from None
    except (smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPSenderRefused) as error:
        said = _said(error.smtp_code, error.smtp_error)
        raise Away(f"the mail server refuses us: {said}") from None
    except smtplib.SMTPNotSupportedError:
        raise Refused("the mail server can't handle this address") from None
    except smtplib.SMTPResponseException as error:
        raise _sorted(error.smtp_code, error.smtp_error) from None
    except (UnicodeEncodeError, ValueError):
        raise Refused("this address can't be written in a mail") from None
    except (smtplib.SMTPException, OSError) as error:
        raise Away(f"the mail server can't be reached ({type(error).__name__})") from None


def ping(settings: Settings) -> None:
    """Raises Away when the mail server does not greet us or refuses our login."""
    try:
        server = _connect(settings)
        try:
            server.noop()
        finally:
            _leave(server)
    except (smtplib.SMTPException, OSError) as error:
        raise Away(f"the mail server can't be reached ({type(error).__name__})") from None


def _connect(settings: Settings) -> smtplib.SMTP:
    parts = urlsplit(settings.mail_url)
    # Named here because smtplib would ask the name server who we are, which can take seconds.
    name = urlsplit(settings.public_url).hostname
    secure = parts.scheme == "smtps"
    if secure:
        server = smtplib.SMTP_SSL(
            parts.hostname, parts.port or 465, name, timeout=SECONDS, context=_trust()
        )
    else:
        server = smtplib.SMTP(parts.hostname, parts.port or 25, name, timeout=SECONDS)
    try:
        if not secure and parse_qs(parts.query).get("starttls") == ["1"]:
            server.starttls(context=_trust())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


@cache
def _trust() -> ssl.SSLContext:
    # Reading the machine's certificates takes longer than sending a mail.
    return ssl.create_default_context()


def _leave(server: smtplib.SMTP) -> None:
    # Once the message was accepted, trouble with saying goodbye must not look like a failure.
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def _sorted(code: int, text: bytes | str) -> Exception:
    reason = _said(code, text)
    return Refused(reason) if 500 <= code < 600 else Away(reason)


def _said(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(said.split())[:200]}"
