"""Redis and RQ: they carry ids from the rows to the workers, and may lose them."""

import logging
import threading
import time
import uuid
from collections.abc import Iterable
from functools import cache

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

from eqsr import localredis
from eqsr.settings import Settings

log = logging.getLogger(__name__)

QUEUE = "eqsr"
PERFORM = "eqsr.outbox.runner.perform"
JOB_TIMEOUT = 540  # seconds; a handler that hangs for longer is ended and counts as failed

BELL = "eqsr:bell"
KNOWN = "eqsr:known"
LEADER = "eqsr:relay"
HELD = "eqsr:held"
LEADER_MS = 3000
BREATH = 0.005  # seconds between two rings

_settings: Settings | None = None
_rung = threading.Event()
_ringer_lock = threading.Lock()
_ringer: threading.Thread | None = None


def configure(settings: Settings) -> None:
    """Which Redis to use; called once by create_app."""
    global _settings
    _settings = settings
    connect.cache_clear()


@cache
def connect() -> Redis:
    """A client that gives up at once instead of holding a request for seconds (redis-py retries
    3 times by default). With no REDIS_URL, the embedded server is started if it is not running."""
    return Redis.from_url(redis_url(), socket_timeout=3.0, retry=Retry(NoBackoff(), 0))


def patient() -> Redis:
    """A client for blocking pops, which wait longer than any socket timeout of ``connect``."""
    return Redis.from_url(redis_url(), retry=Retry(NoBackoff(), 0))


def redis_url() -> str:
    """Raises redis' ConnectionError when the embedded server can't be started."""
    return _settings.redis_url or _embedded()


def revive() -> None:
    """Start the embedded server again if it is ours and has gone."""
    if not _settings.redis_url:
        _embedded()


def _embedded() -> str:
    try:
        return localredis.ensure(_settings.data_dir)
    except localredis.LocalRedisError as problem:
        raise ConnectionError(str(problem)) from problem


def hand_out(groups: Iterable[Iterable[uuid.UUID]]) -> None:
    """Give these rows to RQ's workers, each group to one. Raises RedisError when Redis is away."""
    line = Queue(QUEUE, connection=connect(), serializer=JSONSerializer)
    jobs = [
        Queue.prepare_data(
            PERFORM, args=(*map(str, group),), timeout=JOB_TIMEOUT, result_ttl=0, failure_ttl=60
        )
        for group in groups
    ]
    if jobs:
        line.enqueue_many(jobs)


def ring() -> None:
    """Wake the relay, which hands out what is due. Never waits and never fails: what isn't heard
    is found at the relay's next look."""
    _rung.set()
    _start_ringer()


def listen(seconds: float) -> None:
    """Wait until somebody rings, at most ``seconds``. Raises RedisError when Redis is away."""
    # To Redis, no time at all means for ever.
    connect().blpop([BELL], timeout=max(0.01, seconds))


def hold(kind: str, connection_id: uuid.UUID, seconds: float) -> None:
    """What else there is of this kind and customer would be refused too until then: leave it for
    so long. Never fails: at worst some work is handed out in vain."""
    try:
        connect().hset(HELD, f"{kind}:{connection_id}", time.time() + seconds)
    except RedisError as error:
        log.info("not held: %s", type(error).__name__)


def standing() -> tuple[bool, dict[tuple[str, uuid.UUID], float]]:
    """True once after Redis has lost everything, the ids on their way too; and the kinds and
    customers whose work is to be left for now, with the seconds. Raises RedisError."""
    client, still = connect(), {}
    new, holds = client.pipeline(transaction=False).set(KNOWN, 1, nx=True).hgetall(HELD).execute()
    for name, until in holds.items():
        left = float(until) - time.time()
        if left > 0:
            kind, _, connection_id = name.decode().partition(":")
            still[kind, uuid.UUID(connection_id)] = left
        else:
            client.hdel(HELD, name)
    return bool(new), still


class Lead:
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


def _start_ringer() -> None:
    global _ringer
    if _ringer is not None and _ringer.is_alive():
        return
    with _ringer_lock:
        if _ringer is None or not _ringer.is_alive():
            _ringer = threading.Thread(target=_ring_forever, name="ringer", daemon=True)
            _ringer.start()


def _ring_forever() -> None:
    while True:
        _rung.wait()
        _rung.clear()
        try:
            # One entry is as good as many, and so is one of several that ring together.
            connect().pipeline(transaction=False).delete(BELL).rpush(BELL, 1).execute()
        except RedisError as error:
            log.warning("could not ring; the relay looks by itself: %s", type(error).__name__)
        except Exception:
            log.exception("could not ring; the relay looks by itself")
        # The first is heard at once; those of a burst, so many a second.
        time.sleep(BREATH)
