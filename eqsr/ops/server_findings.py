"""Check the servers that the installation stands on: database, Redis, mail."""

from collections.abc import Callable, Iterator

from sqlalchemy import text

from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.core.extensions import settings
from eqsr.mail import pause_probes, returns, server_pause, smtp, smtp_errors
from eqsr.ops.finding import Finding
from eqsr.outbox import redis_client

# Difference between Redis' clock and ours that is reported.
CLOCK_SKEW_SECONDS = 10


def database(migrated: Callable[[], bool]) -> Finding:
    """Check that the database answers. ``migrated`` says whether it has this code's schema."""
    try:
        db.session.execute(text("SELECT 1"))
    except Exception as error:
        return Finding(
            "database",
            f"does not answer ({type(error).__name__}).",
            "Check DATABASE_URL and that the server runs.",
        )
    if not migrated():
        return Finding(
            "database", "its tables are not up to date.", "Run: flask --app app db upgrade"
        )
    return Finding("database", "answers, and its tables are up to date.")


def redis() -> Finding:
    """Check that Redis answers, and its clock."""
    try:
        seconds, _micros = redis_client.connect().time()
    except Exception as error:
        return Finding(
            "Redis",
            f"does not answer ({type(error).__name__}).",
            "Check REDIS_URL and that the server runs; without REDIS_URL, that DATA_DIR can be "
            "written to. Work is kept and done when Redis is back.",
        )
    apart = round(abs(now().timestamp() - seconds))
    if apart > CLOCK_SKEW_SECONDS:
        return Finding(
            "Redis",
            f"its clock and this machine's are {apart} seconds apart.",
            "Let all machines keep time (NTP): by their clocks one takes over from another.",
        )
    return Finding("Redis", "answers.")


def mail_server(readable: bool) -> Finding:
    """Check the mail server. ``readable``: the database can be queried for waiting emails."""
    pause = server_pause.current() if readable else None
    if pause is not None:
        return Finding(
            "mail server",
            f"{pause_probes.description(pause)}.",
            "Mend what it says, or check MAIL_URL and MAIL_FROM. Nobody is blamed, and all of them "
            "go out automatically as soon as it takes one; work retry asks it at once.",
        )
    try:
        smtp.ping(settings)
    except smtp_errors.MailServerUnavailable as error:
        return Finding(
            "mail server",
            f"{error}.",
            "Check MAIL_URL and that the server runs. Mails are kept and sent when it is back.",
        )
    return Finding("mail server", "greets us and takes our login.")


def returned_mail() -> Iterator[Finding]:
    """Report emails that came back though the address is not to blame."""
    number, reason = returns.returned_emails()
    if number:
        yield Finding(
            "returned email",
            f"{number} came back though the address is not to blame, and go out again later.",
            f"Mend what other mail servers say of ours: {reason}",
        )
