"""Run the room's work, and start its regular checks and readings."""

import uuid
from datetime import timedelta

from eqsr.connections import alerts, attempts, cleanup, emails, health, mirror, service
from eqsr.connections import probe as probing
from eqsr.connections import refresh as refreshing
from eqsr.connections.stage_mirror import mirror_stages
from eqsr.mail import service as mails
from eqsr.mail.delivery import deliver_email
from eqsr.mail.delivery import on_dead as mail_on_dead
from eqsr.outbox import lanes
from eqsr.outbox.connection_trouble import on_connection_trouble
from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.schedule import every

on_connection_trouble(service.report, service.is_inactive)

HEALTH_SECONDS = 600
PROBE_SECONDS = 30
REFRESH_SECONDS = 600
# Read the list of all jobs again when it is older than this.
MAX_MIRROR_AGE = timedelta(hours=4)


@handles(WorkKind.CHECK_HEALTH, attempts=5, on_dead=health.on_dead, recurring=True, parks=False)
def check_health(connection_id: uuid.UUID) -> None:
    """Check token, scopes and subscription of one connection."""
    health.check_health(connection_id)


@handles(WorkKind.ROTATE_KEY, attempts=24)
def rotate_key(connection_id: uuid.UUID) -> None:
    """Replace one connection's signing key."""
    health.rotate_key(connection_id)


# 24 attempts last for hours: the credential must outlive our subscription, which it deletes.
@handles(WorkKind.DISCONNECT, attempts=24, on_dead=cleanup.delete_credential)
def disconnect(connection_id: uuid.UUID) -> None:
    """Delete a disconnected connection's subscription and credential."""
    cleanup.clean_up(connection_id)


@handles(WorkKind.PROBE_CONNECTION, lane=lanes.PROBES, parks=False)
def probe_connection(connection_id: uuid.UUID) -> None:
    """Close one connection's circuit breaker if SmartRecruiters answers."""
    probing.probe(connection_id)


@handles(
    WorkKind.MIRROR_JOBS,
    lane=lanes.SLOW,
    attempts=8,
    on_dead=lambda subject, _: service.not_mirrored(subject),
    recurring=True,
)
def mirror_jobs(connection_id: uuid.UUID) -> None:
    """Read all stages and jobs of one connection."""
    mirror_stages(connection_id)
    mirror.mirror_jobs(connection_id)
    service.mirrored(connection_id)


@handles(WorkKind.REFRESH_MIRROR, attempts=5, recurring=True)
def refresh_mirror(connection_id: uuid.UUID) -> None:
    """Read stages and changed jobs of one connection."""
    refreshing.refresh(connection_id)


@handles(WorkKind.CONNECTION_TROUBLE_MAIL, attempts=40, on_dead=mail_on_dead)
def send_alert(mail_id: uuid.UUID) -> None:
    """Send one email about a problem of a connection."""
    alerts.send(mail_id)


@handles(WorkKind.CREDENTIAL_CHANGED, attempts=40, on_dead=mail_on_dead)
def send_credential_changed(mail_id: uuid.UUID) -> None:
    """Send one email about a changed credential."""
    mail = mails.get(mail_id)
    deliver_email(mail, emails.credential_changed(mail))


@every(HEALTH_SECONDS)
def check_all() -> None:
    """Request a health check of every working connection."""
    for connection_id in service.working_ids():
        service.request_check(connection_id)


@every(PROBE_SECONDS)
def probe_due() -> None:
    """Request checks of connections that don't work, when they are due."""
    health.probe_due()


@every(seconds=3600)
def forget_stale_trials() -> None:
    """Delete credentials that did not connect and that nobody went on with."""
    attempts.forget_stale()


@every(REFRESH_SECONDS)
def refresh_all() -> None:
    """Request a refresh of every working connection, and a full reading of old mirrors."""
    for connection_id in service.working_ids():
        service.request_refresh(connection_id)
        if service.mirror_is_older_than(connection_id, MAX_MIRROR_AGE):
            service.request_mirror(connection_id)
