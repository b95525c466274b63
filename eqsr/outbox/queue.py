"""Redis and RQ, which carry the ids of due rows to the workers, and may lose them."""

import atexit
import logging
import threading
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError
from redis.retry import Retry
from rq import Queue
from rq.exceptions import DequeueTimeout, NoSuchJobError
from rq.job import Job
from rq.queue import EnqueueData
from rq.serializers import JSONSerializer

from eqsr.core import embedded_redis, redis_server
from eqsr.core.settings import Settings
from eqsr.outbox import lanes
from eqsr.outbox.handlers import lane_of

log = logging.getLogger(__name__)

PERFORM = "eqsr.outbox.runner.perform"
# Seconds until RQ drops ids that no worker has taken; they have been dispatched again by then.
JOB_TTL = 600

# Seconds until a Redis that does not answer counts as away.
REDIS_TIMEOUT = 3.0

# Redis keys: a list that wakes the dispatcher, a marker that is missing once Redis lost its data,
# and a hash of pauses with the time at which each ends.
WAKEUP = "eqsr:wakeup"
DATA_MARKER = "eqsr:known"
PAUSED = "eqsr:paused"
WAKEUP_INTERVAL = 0.005  # seconds between two wake-ups

_settings: Settings | None = None
_wakeup_wanted = threading.Event()
_waker_lock = threading.Lock()
_waker: threading.Thread | None = None
_process_ends = threading.Event()


def configure(settings: Settings) -> None:
    """Set which Redis to use; called once by create_app."""
    global _settings
    _settings = settings
    connect.cache_clear()


@cache
def connect() -> Redis:
    """Return the shared client, which does not retry, so that a request never waits for Redis.

    Starts the embedded server if there is no REDIS_URL. Raises redis' ConnectionError when that
    fails.
    """
    return Redis.from_url(redis_url(), socket_timeout=REDIS_TIMEOUT, retry=Retry(NoBackoff(), 0))


def blocking_client() -> Redis:
    """Make a client for blocking pops, which take longer than the timeout of ``connect()``.

    It notices after ten seconds that a server does not answer at all.
    """
    return Redis.from_url(redis_url(), socket_timeout=10.0, retry=Retry(NoBackoff(), 0))


def redis_url() -> str:
    """REDIS_URL, or the URL of the embedded server, which is started if necessary.

    Raises redis' ConnectionError when the embedded server can't be started.
    """
    return _configured().redis_url or _embedded()


def restart_embedded_redis() -> None:
    """Start the embedded server again if it has ended; does nothing if REDIS_URL is set."""
    if not _configured().redis_url:
        _embedded()


def _configured() -> Settings:
    if _settings is None:
        raise RuntimeError("create_app has not called queue.configure() yet")
    return _settings


def _embedded() -> str:
    try:
        return embedded_redis.ensure(_configured().data_dir)
    except redis_server.LocalRedisError as problem:
        raise ConnectionError(str(problem)) from problem


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


def wake_dispatcher() -> None:
    """Wake the dispatcher, because work was enqueued or finished.

    Never waits and never raises. If a wake-up is lost, the dispatcher finds the work in its next
    round.
    """
    _wakeup_wanted.set()
    _start_waker()


def wait_for_wakeup(seconds: float) -> None:
    """Wait for a wake-up, at most ``seconds``. Raises RedisError when Redis is away."""
    # Redis takes a timeout of 0 as no timeout.
    connect().blpop([WAKEUP], timeout=max(0.01, seconds))


def pause(kind: str, connection_id: uuid.UUID, seconds: float) -> None:
    """Pause dispatch of this kind and connection for ``seconds``, during a rate limit.

    Never raises: without the pause, some calls are made only to be refused.
    """
    try:
        connect().hset(PAUSED, f"{kind}:{connection_id}", time.time() + seconds)
    except RedisError as error:
        log.info("not paused: %s", type(error).__name__)


def broker_state() -> tuple[bool, dict[tuple[str, uuid.UUID], float]]:
    """Return whether Redis has lost its data, and which pauses are in force.

    The first value is True once after Redis was wiped, and with it the dispatched ids. The second
    maps (kind, connection id) to the seconds that its pause still lasts. Raises RedisError.
    """
    client, paused = connect(), {}
    calls = client.pipeline(transaction=False)
    calls.set(DATA_MARKER, 1, nx=True)
    calls.hgetall(PAUSED)
    was_wiped, pauses = calls.execute()
    for name, until in pauses.items():
        left = float(until) - time.time()
        if left > 0:
            kind, _, connection_id = name.decode().partition(":")
            paused[kind, uuid.UUID(connection_id)] = left
        else:
            client.hdel(PAUSED, name)
    return bool(was_wiped), paused


def _start_waker() -> None:
    global _waker
    if _waker is not None and _waker.is_alive():
        return
    with _waker_lock:
        if _waker is None or not _waker.is_alive():
            _waker = threading.Thread(target=_wake_forever, name="waker", daemon=True)
            _waker.start()


@atexit.register
def _stop_waker() -> None:
    """Let the waker thread finish before the interpreter exits.

    A daemon thread that is killed inside a call keeps the lock of redis-py's connection pool, and
    the process would wait for that lock forever.
    """
    waker = _waker
    if waker is not None and waker.is_alive():
        _process_ends.set()
        _wakeup_wanted.set()
        waker.join(REDIS_TIMEOUT + 1)


def _wake_forever() -> None:
    while not _process_ends.is_set():
        _wakeup_wanted.wait()
        _wakeup_wanted.clear()
        try:
            # The list never needs more than one entry, however many wake-ups come together.
            calls = connect().pipeline(transaction=False)
            calls.delete(WAKEUP)
            calls.rpush(WAKEUP, 1)
            calls.execute()
        except RedisError as error:
            if not _process_ends.is_set():
                log.warning("the dispatcher was not woken: %s", type(error).__name__)
        except Exception:
            log.exception("the dispatcher was not woken")
        # A single wake-up is sent at once; a burst is limited to one per interval.
        time.sleep(WAKEUP_INTERVAL)
