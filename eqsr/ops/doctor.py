"""Check the installation: one finding per part, with advice if something is wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import select, text

from eqsr.connections.models import Connection, ConnectionState, WebhookKey
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.core.extensions import settings, vault
from eqsr.core.security import DecryptionError
from eqsr.core.stored_messages import render
from eqsr.mail import server_pause, smtp
from eqsr.mail import service as mail
from eqsr.outbox import breakers, queue
from eqsr.outbox import service as outbox
from eqsr.outbox.models import Breaker

# Age of the oldest due row that is reported. Workers claim due rows within about a second, but a
# customer's burst waits for its rate limits.
LATE_SECONDS = 300
# Difference between Redis' clock and ours that is reported.
CLOCK_SKEW_SECONDS = 10


@dataclass(frozen=True)
class Finding:
    """The state of one part of the installation. ``advice`` is empty if nothing is wrong."""

    subject: str
    sentence: str
    advice: str = ""

    @property
    def well(self) -> bool:
        """True if nothing is wrong."""
        return not self.advice

    def __str__(self) -> str:
        mark = "ok     " if self.well else "problem"
        return f"{mark} {self.subject}: {' '.join(filter(None, (self.sentence, self.advice)))}"


def examine(migrated: Callable[[], bool]) -> Iterator[Finding]:
    """Check every part. ``migrated`` says whether the database has this code's schema."""
    yield Finding("settings", "all of them can be used.")
    yield _public_url()
    database = _database(migrated)
    yield database
    yield _redis()
    yield _mail(database.well)
    if database.well:
        yield from _returned_mail()
        yield _due_work()
        yield from _connections()


def _public_url() -> Finding:
    url, parts = settings.public_url, urlsplit(settings.public_url)
    if parts.path or parts.query:
        return Finding(
            "PUBLIC_URL", f"{url} has a path.", "Give the site's address alone, without a path."
        )
    if not settings.production:
        return Finding("PUBLIC_URL", f"{url} is this machine: fine for trying things out.")
    return Finding("PUBLIC_URL", f"{url} is what pages, mails and SmartRecruiters use.")


def _database(migrated: Callable[[], bool]) -> Finding:
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


def _redis() -> Finding:
    try:
        seconds, _micros = queue.connect().time()
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


def _mail(readable: bool) -> Finding:
    """Check the mail server. ``readable``: the database can be queried for waiting emails."""
    pause = server_pause.current() if readable else None
    if pause is not None:
        return Finding(
            "mail server",
            f"{server_pause.standing(pause)}.",
            "Mend what it says, or check MAIL_URL and MAIL_FROM. Nobody is blamed, and all of them "
            "go out automatically as soon as it takes one; work retry asks it at once.",
        )
    try:
        smtp.ping(settings)
    except smtp.MailServerUnavailable as error:
        return Finding(
            "mail server",
            f"{error}.",
            "Check MAIL_URL and that the server runs. Mails are kept and sent when it is back.",
        )
    return Finding("mail server", "greets us and takes our login.")


def _returned_mail() -> Iterator[Finding]:
    number, reason = mail.came_back()
    if number:
        yield Finding(
            "returned email",
            f"{number} came back though the address is not to blame, and go out again later.",
            f"Mend what other mail servers say of ours: {reason}",
        )


def _due_work() -> Finding:
    seconds = round(outbox.oldest_due_seconds())
    if seconds > LATE_SECONDS:
        return Finding(
            "work",
            f"the oldest that is due has waited for {seconds} seconds.",
            "Check that a worker runs (python worker.py) and look into its log.",
        )
    unknown = outbox.unknown_kinds()
    if unknown:
        return Finding(
            "work",
            f"this release does not know the kind {', '.join(unknown)}.",
            "Start workers of the release that wrote it down; until then it waits.",
        )
    dead = outbox.counts().get("dead", 0)
    if dead:
        return Finding(
            "work",
            f"{dead} pieces were given up.",
            "Run: flask --app app work dead. Mend the cause, then: flask --app app work retry",
        )
    return Finding("work", "nothing has waited for long.")


def _connections() -> Iterator[Finding]:
    query = (
        select(Connection)
        .where(Connection.state != ConnectionState.DISCONNECTED)
        .order_by(Connection.created_at)
    )
    for connection in db.session.scalars(query):
        yield _connection(connection)


def _connection(connection: Connection) -> Finding:
    subject = f"connection of {connection.organisation.slug}"
    if not _readable(connection):
        return Finding(
            subject,
            "its stored secrets can't be read.",
            "Put the key that encrypted them back into ENCRYPTION_KEYS (behind the first), or send "
            "the customer a new onboarding link.",
        )
    if connection.state is ConnectionState.PENDING:
        return Finding(subject, "has been begun and is not finished yet.")
    breaker = breakers.of(connection.id)
    if breaker is not None:
        return _parked(subject, breaker)
    if connection.problem:
        return Finding(
            subject, render(connection.problem), "The customer's connection page tells the details."
        )
    return Finding(subject, "works.")


def _parked(subject: str, breaker: Breaker) -> Finding:
    hangs = breaker.reason == "timeout"
    how = "its SmartRecruiters hangs" if hangs else f"its SmartRecruiters fails ({breaker.reason})"
    minutes = int((now() - breaker.since).total_seconds() // 60)
    return Finding(
        subject,
        f"{how} since {breaker.since:%Y-%m-%d %H:%M} UTC ({minutes} minutes), last at "
        f"{breaker.endpoint}; {outbox.unfinished(breaker.connection_id)} pieces of its work wait, "
        f"and the next probe is at {breaker.probe_at:%H:%M:%S} UTC.",
        "Nothing is lost, and other customers are not held up. If this lasts, tell the customer "
        "or SmartRecruiters.",
    )


def _readable(connection: Connection) -> bool:
    keys = db.session.scalars(
        select(WebhookKey.encrypted_key).where(
            WebhookKey.connection_id == connection.id,
            WebhookKey.expires_at.is_(None),  # replaced keys are not needed any more
        )
    )
    encrypted = [connection.encrypted_client_secret, connection.encrypted_pending_secret, *keys]
    try:
        for secret in filter(None, encrypted):
            vault.decrypt(secret)
    except DecryptionError:
        return False
    return True
