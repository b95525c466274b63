"""The worker process: processes work from RQ, dispatches due work and runs the schedule."""

import logging
import signal
import sys
import threading
import time

from flask import Flask

from eqsr import create_app
from eqsr.core.db import db
from eqsr.core.db_errors import is_database_trouble
from eqsr.core.extensions import settings
from eqsr.core.settings import SettingsProblem
from eqsr.ops.readiness import behind
from eqsr.outbox import dispatcher, lanes, leases
from eqsr.outbox.slots import Slots

log = logging.getLogger("eqsr.worker")

# Seconds that running work has to finish after SIGTERM: as long as one call to SmartRecruiters may
# take. After that, unfinished rows are handed back to other workers.
SHUTDOWN_SECONDS = 25.0


def main() -> int:
    """Run until SIGTERM or SIGINT; return 0 then, and 1 if the worker can't start or continue."""
    app = create_app()
    with app.app_context():
        if _outdated():
            log.error("The tables are not up to date. Run: flask --app app db upgrade")
            return 1
        number = settings.worker_slots
    stop_requested, failed = threading.Event(), threading.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stop_requested.set())

    def fail() -> None:
        failed.set()
        stop_requested.set()

    dispatcher_thread = threading.Thread(
        target=dispatcher.run, args=(app, stop_requested), name="dispatcher", daemon=True
    )
    lanes_slots = [
        Slots(
            app.app_context,
            lane,
            number if lane is lanes.COMMON else lanes.SIDE_SLOTS,
            lanes.cap_of(lane, number),
            fail,
        )
        for lane in lanes.LANES
    ]
    dispatcher_thread.start()
    for slots in lanes_slots:
        slots.start()
    log.info("the worker is ready", extra={"slots": number, "of_one_customer": lanes.cap(number)})
    stop_requested.wait()
    _shut_down(app, lanes_slots)
    dispatcher_thread.join(timeout=5)
    return 1 if failed.is_set() else 0


def _outdated() -> bool:
    """True if the database has an older schema; False if it is away, as the worker waits for it."""
    try:
        return behind()
    except Exception as error:
        if not is_database_trouble(error):
            raise
        return False
    finally:
        db.session.remove()


def _shut_down(app: Flask, lanes_slots: list[Slots]) -> None:
    """Wait for running work to finish, then hand back the rows that are unfinished."""
    try:
        for slots in lanes_slots:
            slots.stop()
        until = time.monotonic() + SHUTDOWN_SECONDS
        # Calls of the slow lane may take minutes, so it gets no time of its own.
        quick = [slots for slots in lanes_slots if not slots.lane.patient]
        ended = [slots.settled(max(0, until - time.monotonic())) for slots in quick]
        ended += [slots.settled(0) for slots in lanes_slots if slots.lane.patient]
        if not all(ended):
            with app.app_context():
                log.warning("work was handed back", extra={"rows": leases.hand_back()})
    except Exception:
        log.exception("work could not be handed back; it can be claimed when its lease runs out")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SettingsProblem as problem:
        sys.exit(str(problem))
