"""Send a message to the mail server by SMTP; mail.sorting classifies refusals."""

import smtplib
from email.message import EmailMessage
from email.utils import parseaddr
from uuid import uuid4

from eqsr.core.settings import Settings
from eqsr.mail.faults import Fault, SmtpStage
from eqsr.mail.smtp_errors import MailRefused, MailServerUnavailable, Unwelcome
from eqsr.mail.smtp_session import SmtpSession
from eqsr.mail.sorting import sort


def new_message_id(mail_from: str) -> str:
    """Make a Message-ID that nobody can guess, in the domain of the sender."""
    domain = parseaddr(mail_from)[1].partition("@")[2] or "localhost"
    return f"<{uuid4()}@{domain}>"


def send(settings: Settings, message: EmailMessage) -> None:
    """Send a message in one SMTP session.

    Raises MailRefused, MailServerUnavailable, or Unwelcome if the server refuses us or does not
    answer.
    """
    session = SmtpSession()
    try:
        session.open(settings)
        try:
            session.send(message)
        finally:
            session.quit()
    except smtplib.SMTPResponseException as error:
        raise _sorted(session.stage, error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPNotSupportedError as error:
        raise _sorted(session.stage, 504, str(error)) from None
    except (smtplib.SMTPException, OSError) as error:
        raise _broken_off(session.stage, error) from None


def ping(settings: Settings) -> None:
    """Connect and log in. Raises MailServerUnavailable if that fails."""
    session = SmtpSession()
    try:
        session.open(settings)
        try:
            session.server.noop()
        finally:
            session.quit()
    except smtplib.SMTPResponseException as error:
        raise _sorted(session.stage, error.smtp_code, error.smtp_error) from None
    except (smtplib.SMTPException, OSError) as error:
        raise _broken_off(session.stage, error) from None


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
