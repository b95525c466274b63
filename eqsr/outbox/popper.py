"""The thread of a lane that reads the ids of dispatched rows from Redis."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from redis.exceptions import RedisError

from eqsr.core.db import db
from eqsr.outbox import fair_dispatch, queue, redis_client
from eqsr.outbox.lanes import Lane
from eqsr.outbox.queue import DispatchedRow

log = logging.getLogger(__name__)

# Seconds to wait after a failure before reading from Redis again.
RETRY_PAUSE = 0.5
# Seconds to wait for an id from Redis, and so the interval at which overdue work is looked for.
POP_TIMEOUT = 1
# Seconds that stopping waits for ids that are being read from Redis.
STOP_TIMEOUT = 3.0


@dataclass
class Popper:
    """Reads rows for a lane until it is stopped.

    ``context``: makes an application context. ``ready``: waits at most POP_TIMEOUT until the lane
    has room, and says whether it has. ``take``: takes one row; False if it was not taken.
    ``stopped``: set by the lane, together with its own mark; rows read after that are returned.
    """

    context: Callable[[], AbstractContextManager[object]]
    lane: Lane
    ready: Callable[[], bool]
    take: Callable[[DispatchedRow], bool]
    stopped: bool = False
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread."""
        name = f"{self.lane.queue} popper"
        self._thread = threading.Thread(target=self._pop_forever, name=name, daemon=True)
        self._thread.start()

    def end(self, left: list[DispatchedRow]) -> None:
        """Once ``stopped`` is set: return the rows in ``left`` so that other workers get them."""
        self._return(left)
        # The thread may be reading ids at this moment; it returns those too.
        if self._thread is not None:
            self._thread.join(STOP_TIMEOUT)

    def _return(self, left: list[DispatchedRow]) -> None:
        try:
            with self.context():
                fair_dispatch.return_to_due([one.work_id for one in left])
                db.session.remove()
        except Exception as error:
            log.warning(
                "work was not returned; it is dispatched again later: %s", type(error).__name__
            )

    def _pop_forever(self) -> None:
        client = None
        while not self.stopped:
            try:
                if not self.ready():
                    continue
                client = client or redis_client.blocking_client()
                left = [
                    one for one in queue.pop(self.lane, client, POP_TIMEOUT) if not self.take(one)
                ]
                if self.stopped:
                    self._return(left)
            except (RedisError, OSError) as error:
                log.warning("Redis is away: %s; trying again", type(error).__name__)
                client = None
                time.sleep(RETRY_PAUSE)
            except Exception:
                log.exception("the popper failed")
                time.sleep(RETRY_PAUSE)
