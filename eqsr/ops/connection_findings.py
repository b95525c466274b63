"""Check the customers' connections for the doctor."""

from collections.abc import Iterator

from sqlalchemy import select

from eqsr.connections import clock_skew
from eqsr.connections.models import Connection, ConnectionState, WebhookKey
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.core.encryption import DecryptionError
from eqsr.core.extensions import vault
from eqsr.core.stored_messages import render
from eqsr.ops.finding import Finding
from eqsr.outbox import breaker_state, status
from eqsr.outbox.models import Breaker


def clock() -> Finding:
    """Compare our clock with SmartRecruiters', as the health checks saw it."""
    offset = clock_skew.worst()
    if not offset:
        return Finding("clock", "agrees with SmartRecruiters'.")
    way = "ahead of" if offset > 0 else "behind"
    return Finding(
        "clock",
        f"is {abs(offset)} seconds {way} SmartRecruiters'; deadlines and reminders go by it.",
        "Let this machine keep time (NTP). Events refused as stale are found by comparing.",
    )


def connections() -> Iterator[Finding]:
    """Check every connection that is not disconnected."""
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
    breaker = breaker_state.of(connection.id)
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
        f"{breaker.endpoint}; {status.unfinished(breaker.connection_id)} pieces of its work wait, "
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
