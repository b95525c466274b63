"""Wake the dispatcher through Redis, from a thread of its own so that no request waits."""

import atexit
import logging
import threading
import time

from redis.exceptions import RedisError

from eqsr.outbox.redis_client import REDIS_TIMEOUT, connect

log = logging.getLogger(__name__)
# The Redis key of the list that wakes the dispatcher.
WAKEUP = "eqsr:wakeup"
WAKEUP_INTERVAL = 0.005  # seconds between two wake-ups
_wakeup_wanted = threading.Event()
_waker_lock = threading.Lock()
_waker: threading.Thread | None = None
_process_ends = threading.Event()


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
