"""What the worker does for this room."""

import uuid

from eqsr.connections import health, mirror, service
from eqsr.outbox.handlers import handles, on_connection_trouble
from eqsr.outbox.schedule import every

on_connection_trouble(service.report)

HEALTH_SECONDS = 600
MIRROR_SECONDS = 4 * 3600


@handles("check_health", attempts=5, gave_up=health.gave_up)
def check_health(connection_id: uuid.UUID) -> None:
    health.check_health(connection_id)


@handles("rotate_key", attempts=8)
def rotate_key(connection_id: uuid.UUID) -> None:
    health.rotate_key(connection_id)


@handles("disconnect", attempts=10, gave_up=health.wipe)
def disconnect(connection_id: uuid.UUID) -> None:
    health.forget(connection_id)


@handles("mirror_jobs", attempts=8, gave_up=lambda subject, _: service.not_mirrored(subject))
def mirror_jobs(connection_id: uuid.UUID) -> None:
    mirror.mirror_stages(connection_id)
    mirror.mirror_jobs(connection_id)
    service.mirrored(connection_id)


@every(HEALTH_SECONDS)
def check_all() -> None:
    for connection_id in service.working_ids():
        service.request_check(connection_id)


@every(MIRROR_SECONDS)
def mirror_all() -> None:
    for connection_id in service.working_ids():
        service.request_mirror(connection_id)
