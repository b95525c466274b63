"""Redis and RQ, which carry the ids of due rows to the workers, and may lose them."""

import logging
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from redis import Redis
from rq import Queue
from rq.exceptions import DequeueTimeout, NoSuchJobError
from rq.job import Job
from rq.queue import EnqueueData
from rq.serializers import JSONSerializer

from eqsr.outbox import lanes
from eqsr.outbox.handlers import lane_of
from eqsr.outbox.redis_client import connect

log = logging.getLogger(__name__)
PERFORM = "eqsr.outbox.runner.perform"
# Seconds until RQ drops ids that no worker has taken; they have been dispatched again by then.
JOB_TTL = 600


@dataclass(frozen=True)
class DispatchGroup:
    """Rows of one kind and connection that one RQ job carries to a worker."""

    kind: str
    connection_id: uuid.UUID | None
    ids: list[uuid.UUID]


@dataclass(frozen=True)
class DispatchedRow:
    """One row that a worker received."""

    work_id: uuid.UUID
    kind: str
    connection_id: uuid.UUID | None

    @property
    def customer(self) -> uuid.UUID | None:
        """The connection whose cap of slots the row counts for."""
        return self.connection_id


def dispatch(groups: Iterable[DispatchGroup]) -> None:
    """Send rows to the workers through RQ. Raises RedisError when Redis is away."""
    jobs: dict[str, list[EnqueueData]] = {lane.queue: [] for lane in lanes.LANES}
    for group in groups:
        connection_id = str(group.connection_id) if group.connection_id else ""
        job = Queue.prepare_data(
            PERFORM,
            args=(*map(str, group.ids),),
            ttl=JOB_TTL,
            result_ttl=0,
            failure_ttl=60,
            meta={"kind": group.kind, "connection": connection_id},
        )
        jobs[lane_of(group.kind).queue].append(job)
    for queue, some in jobs.items():
        if some:
            Queue(queue, connection=connect(), serializer=JSONSerializer).enqueue_many(some)


def pop(lane: lanes.Lane, client: Redis, seconds: int) -> list[DispatchedRow]:
    """Take the next rows of a lane; an empty list if none arrive within ``seconds``.

    ``client`` comes from ``blocking_client()``. Raises RedisError when Redis is away.
    """
    queue = Queue(lane.queue, connection=client, serializer=JSONSerializer)
    try:
        _key, name = Queue.lpop([queue.key], seconds, connection=client)
        job = Job.fetch(name.decode(), connection=client, serializer=JSONSerializer)
    except (DequeueTimeout, NoSuchJobError):
        return []
    client.unlink(job.key)
    return _rows_in(job)


def _rows_in(job: Job) -> list[DispatchedRow]:
    """The rows that a job carries. A job of another release may not name its connection."""
    try:
        owner = job.meta.get("connection")
        kind, connection_id = job.meta.get("kind", ""), uuid.UUID(owner) if owner else None
        return [DispatchedRow(uuid.UUID(one), kind, connection_id) for one in job.args]
    except (ValueError, TypeError, AttributeError):
        log.warning("a job that is not ours was skipped")
        return []
