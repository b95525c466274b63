"""Probe whether SmartRecruiters answers again, for a connection whose circuit breaker is open."""

import uuid

from eqsr.connections import queries
from eqsr.connections.clients import NotConnected, client_for
from eqsr.core.encryption import DecryptionError
from eqsr.outbox import breaker_state, probing
from eqsr.outbox.handlers import Reschedule
from eqsr.smartrecruiters.errors.base import SmartRecruitersError
from eqsr.smartrecruiters.errors.outages import Throttled, Unavailable

# Seconds. The call is small, and it occupies a worker's slot.
PROBE_TIMEOUT = 10.0


def probe(connection_id: uuid.UUID) -> None:
    """Make one call and close the breaker if SmartRecruiters gives any answer.

    Raises Reschedule with the seconds until the next probe, and Throttled.
    """
    if breaker_state.of(connection_id) is None:
        return
    connection = queries.get(connection_id)
    try:
        if connection is not None:
            client_for(connection).with_timeouts(PROBE_TIMEOUT).company()
    except Unavailable as error:
        reason = str(error.status) if error.status else error.reason
        raise Reschedule(probing.still_open(connection_id, reason), str(error)) from None
    except Throttled:
        raise
    except (SmartRecruitersError, NotConnected, DecryptionError):
        pass  # it answers, or nothing can be asked; ordinary work will meet the error
    probing.close(connection_id)
