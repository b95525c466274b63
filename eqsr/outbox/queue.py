"""Redis and RQ: they carry ids from the rows to the workers, and may lose them."""

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

from eqsr.core import embedded_redis
from eqsr.core.settings import Settings
from eqsr.outbox import lanes
from eqsr.outbox.handlers import lane_of

log = logging.getLogger(__name__)

PERFORM = "eqsr.outbox.runner.perform"
# Seconds after which RQ forgets ids that nobody has taken; they have been handed out anew by then.
JOB_TTL = 600

# Seconds until a Redis that does not answer counts as away.
REDIS_TIMEOUT = 3.0

WAKEUP = "eqsr:bell"
KNOWN = "eqsr:known"
LEADER = "eqsr:relay"
PAUSED = "eqsr:held"
LEADER_MS = 3000
WAKEUP_INTERVAL = 0.005  # seconds between two rings

_settings: Settings | None = None
_wakeup_wanted = threading.Event()
_waker_lock = threading.Lock()
_waker: threading.Thread | None = None
_process_ends = threading.Event()


def configure(settings: Settings) -> None:
    """Which Redis to use; called once by create_app."""
    global _settings
    _settings = settings
    connect.cache_clear()


@cache
def connect() -> Redis:
    """A client that gives up at once instead of holding a request for seconds (redis-py retries
    3 times by default). With no REDIS_URL, the embedded server is started if it is not running."""
    return Redis.from_url(redis_url(), socket_timeout=REDIS_TIMEOUT, retry=Retry(NoBackoff(), 0))


def blocking_client() -> Redis:
    """A client for blocking pops, which wait longer than ``connect`` lets them. A server
    that says nothing at all is noticed after ten seconds."""
    return Redis.from_url(redis_url(), socket_timeout=10.0, retry=Retry(NoBackoff(), 0))


def redis_url() -> str:
    """Raises redis' ConnectionError when the embedded server can't be started."""
    return _configured().redis_url or _embedded()


def restart_embedded_redis() -> None:
    """Start the embedded server again if it is ours and has gone."""
    if not _configured().redis_url:
        _embedded()


def _configured() -> Settings:
    if _settings is None:
        raise RuntimeError("create_app has not said which Redis to use")
    return _settings


def _embedded() -> str:
    try:
        return embedded_redis.ensure(_configured().data_dir)
    except embedded_redis.LocalRedisError as problem:
        raise ConnectionError(str(problem)) from problem


@dataclass(frozen=True)
class Group:
    """Rows of one kind and connection, for one worker."""

    kind: str
    connection_id: uuid.UUID | None
    ids: list[uuid.UUID]


@dataclass(frozen=True)
class DispatchedRow:
    """One row that a worker got, and whose it is."""

    work_id: uuid.UUID
    kind: str
    connection_id: uuid.UUID | None

    @property
    def customer(self) -> uuid.UUID | None:
        return self.connection_id


def dispatch(groups: Iterable[Group]) -> None:
    """Give these rows to the workers, through RQ. Raises RedisError when Redis is away."""
    jobs: dict[str, list[EnqueueData]] = {lane.queue: [] for lane in lanes.LANES}
    for group in groups:
        whose = str(group.connection_id) if group.connection_id else ""
        job = Queue.prepare_data(
            PERFORM,
            args=(*map(str, group.ids),),
            ttl=JOB_TTL,
            result_ttl=0,
            failure_ttl=60,
            meta={"kind": group.kind, "connection": whose},
        )
        jobs[lane_of(group.kind).queue].append(job)
    for queue, some in jobs.items():
        if some:
            Queue(queue, connection=connect(), serializer=JSONSerializer).enqueue_many(some)


def pop(lane: lanes.Lane, client: Redis, seconds: int) -> list[DispatchedRow]:
    """The next ids of a lane; none if nothing comes within ``seconds``. ``client`` must be a
    ``patient`` one. Raises RedisError when Redis is away."""
    queue = Queue(lane.queue, connection=client, serializer=JSONSerializer)
    try:
        _key, name = Queue.lpop([queue.key], seconds, connection=client)
        job = Job.fetch(name.decode(), connection=client, serializer=JSONSerializer)
    except (DequeueTimeout, NoSuchJobError):
        return []
    client.unlink(job.key)
    return _handed(job)


def _handed(job: Job) -> list[DispatchedRow]:
    """What a job holds. One that another release handed out may not say whose it is."""
    try:
        whose = job.meta.get("connection")
        kind, connection_id = job.meta.get("kind", ""), uuid.UUID(whose) if whose else None
        return [DispatchedRow(uuid.UUID(one), kind, connection_id) for one in job.args]
    except (ValueError, TypeError, AttributeError):
        log.warning("a job that is none of ours was passed over")
        return []


def wake_dispatcher() -> None:
    """Wake the relay, which hands out what is due. Never waits and never fails: what isn't heard
    is found at the relay's next look."""
    _wakeup_wanted.set()
    _start_waker()


def wait_for_wakeup(seconds: float) -> None:
    """Wait until somebody rings, at most ``seconds``. Raises RedisError when Redis is away."""
    # To Redis, no time at all means for ever.
    connect().blpop([WAKEUP], timeout=max(0.01, seconds))


def pause(kind: str, connection_id: uuid.UUID, seconds: float) -> None:
    """What else there is of this kind and customer would be refused too until then: leave it for
    so long. Never fails: at worst some work is handed out in vain."""
    try:
        connect().hset(PAUSED, f"{kind}:{connection_id}", time.time() + seconds)
    except RedisError as error:
        log.info("not held: %s", type(error).__name__)


def broker_state() -> tuple[bool, dict[tuple[str, uuid.UUID], float]]:
    """True once after Redis has lost everything, the ids on their way too; and the kinds and
    customers whose work is to be left for now, with the seconds. Raises RedisError."""
    client, still = connect(), {}
    calls = client.pipeline(transaction=False)
    calls.set(KNOWN, 1, nx=True)
    calls.hgetall(PAUSED)
    new, holds = calls.execute()
    for name, until in holds.items():
        left = float(until) - time.time()
        if left > 0:
            kind, _, connection_id = name.decode().partition(":")
            still[kind, uuid.UUID(connection_id)] = left
        else:
            client.hdel(PAUSED, name)
    return bool(new), still


class LeaderLock:
    """The one relay that leads; it ends by itself when its process does."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._sure_until = 0.0

    def holds(self) -> bool:
        """True while it is ours. Redis is asked once a second. Raises RedisError."""
        moment = time.monotonic()
        if moment >= self._sure_until and self._take():
            self._sure_until = moment + LEADER_MS / 3000
        return moment < self._sure_until

    def _take(self) -> bool:
        client = connect()
        if client.set(LEADER, self._name, nx=True, px=LEADER_MS):
            return True
        if client.get(LEADER) == self._name.encode():
            client.pexpire(LEADER, LEADER_MS)
            return True
        return False

    def step_down(self) -> None:
        """Let another relay lead at once. Raises RedisError."""
        if connect().get(LEADER) == self._name.encode():
            connect().delete(LEADER)


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
    """Let the waker finish before the interpreter ends: a daemon thread that ends in the middle of
    a call keeps the lock of redis-py's pool, and the process would wait for that lock for ever."""
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
            # One entry is as good as many, and so is one of several that ring together.
            calls = connect().pipeline(transaction=False)
            calls.delete(WAKEUP)
            calls.rpush(WAKEUP, 1)
            calls.execute()
        except RedisError as error:
            if not _process_ends.is_set():
                log.warning("the dispatcher was not woken: %s", type(error).__name__)
        except Exception:
            log.exception("the dispatcher was not woken")
        # The first is heard at once; those of a burst, so many a second.
        time.sleep(WAKEUP_INTERVAL)
