"""The worker: does work that RQ brings, rings for work that is due, and keeps the schedule."""

import logging
import signal
import sys
import threading
import time

from eqsr import create_app
from eqsr.core.db import db, is_database_trouble
from eqsr.core.extensions import settings
from eqsr.ops.health import behind
from eqsr.outbox import dispatcher, lanes, leases
from eqsr.outbox.slots import Slots

log = logging.getLogger("eqsr.worker")

# Seconds that work in hand is given to end after SIGTERM: as long as one call to SmartRecruiters
# may take. Whatever still runs then is handed back to other workers.
LAST_CALL = 25.0


def main() -> int:
    """The exit code: 0 after SIGTERM or SIGINT, 1 when it can't start or can't go on."""
    app = create_app()
    with app.app_context():
        if _outdated():
            log.error("The tables are not up to date. Run: flask --app app db upgrade")
            return 1
        number = settings.worker_slots
    told, broken = threading.Event(), threading.Event()
    for known in (signal.SIGTERM, signal.SIGINT):
        signal.signal(known, lambda *_: told.set())

    def fail() -> None:
        broken.set()
        told.set()

    clerk = threading.Thread(target=dispatcher.run, args=(app, told), name="relay", daemon=True)
    crew = [
        Slots(
            app.app_context,
            lane,
            number if lane is lanes.COMMON else lanes.SIDE_SLOTS,
            lanes.cap_of(lane, number),
            fail,
        )
        for lane in lanes.LANES
    ]
    clerk.start()
    for slots in crew:
        slots.start()
    log.info("the worker is ready", extra={"slots": number, "of_one_customer": lanes.cap(number)})
    told.wait()
    _wind_up(app, crew)
    clerk.join(timeout=5)
    return 1 if broken.is_set() else 0


def _outdated() -> bool:
    """A database that is away is waited for, as at any other time."""
    try:
        return behind()
    except Exception as error:
        if not is_database_trouble(error):
            raise
        return False
    finally:
        db.session.remove()


def _wind_up(app, crew: list[Slots]) -> None:
    """Finish what is in hand; hand back what takes too long, and what has not been begun."""
    try:
        for slots in crew:
            slots.stop()
        until = time.monotonic() + LAST_CALL
        # The slow lane's calls would take longer anyway.
        quick = [slots for slots in crew if not slots.lane.patient]
        ended = [slots.settled(max(0, until - time.monotonic())) for slots in quick]
        ended += [slots.settled(0) for slots in crew if slots.lane.patient]
        if not all(ended):
            with app.app_context():
                log.warning("work was handed back", extra={"rows": leases.hand_back()})
    except Exception:
        log.exception("work could not be handed back; its lease lapses")


if __name__ == "__main__":
    sys.exit(main())
