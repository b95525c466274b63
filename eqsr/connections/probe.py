"""Does SmartRecruiters answer again? One call, for a connection whose circuit breaker is open."""

import uuid

from eqsr.connections import queries
from eqsr.connections.clients import NotConnected, client_for
from eqsr.core.security import LostKey
from eqsr.outbox import breakers
from eqsr.outbox.handlers import PutBack
from eqsr.smartrecruiters.errors import SmartRecruitersError, Throttled, Unavailable

# Seconds; the call is a small one, and it holds a slot.
PATIENCE = 10.0


def probe(connection_id: uuid.UUID) -> None:
    """Close the breaker if SmartRecruiters answers, whatever it says. Raises PutBack(seconds) until
    the next probe, and Throttled."""
    if breakers.of(connection_id) is None:
        return
    connection = queries.get(connection_id)
    try:
        if connection is not None:
            client_for(connection).impatient(PATIENCE).company()
    except Unavailable as error:
        reason = str(error.status) if error.status else error.reason
        raise PutBack(breakers.still_open(connection_id, reason), str(error)) from None
    except Throttled:
        raise
    except (SmartRecruitersError, NotConnected, LostKey):
        pass  # it answers, or there is nothing to ask; whoever works there meets the rest
    breakers.close(connection_id)
