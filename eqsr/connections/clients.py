"""A SmartRecruiters client for a connection: with shared tokens and shared limits."""

from eqsr.connections.limits import SharedLimits
from eqsr.connections.models import Connection, ConnectionState
from eqsr.connections.tokens import SharedTokens
from eqsr.core.clock import now
from eqsr.core.db import end_read
from eqsr.core.extensions import settings, vault
from eqsr.core.messages import N_
from eqsr.outbox import breakers
from eqsr.outbox.lanes import current
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import NoAccess, NotFound, SmartRecruitersError
from eqsr.smartrecruiters.http import CallObserver, thread_session

# Seconds that a person at a page is made to wait for SmartRecruiters.
PAGE_TIMEOUTS = 8.0
# Seconds that a worker waits for an answer; and in the slow lane, which nobody else waits for:
# SmartRecruiters advises at least 128 s (docs, rate limiting).
PATIENCE_OF_A_WORKER = 20.0
PATIENCE_OF_THE_SLOW_LANE = 130.0
PAGE_WAITS_FOR_A_TURN = 3.0
# A worker puts its work back instead, unless that takes longer than the turn does.
WORKER_WAITS_FOR_A_TURN = 0.1


class NotConnected(Exception):
    """The connection has no credential (yet, or any more)."""

    fault = "connection"
    retryable = False
    sentence = N_("SmartRecruiters is not connected. Ask an administrator to connect it.")

    def __init__(self) -> None:
        super().__init__(self.sentence)


def client_for(connection: Connection, *, for_page: bool = False) -> SmartRecruiters:
    """A client with the connection's own credential. Ends the open reading: its calls may take
    long. Raises NotConnected, also once somebody has disconnected it: from then on nobody is
    invited and nothing is written, though the credential is still there to clear up with."""
    if connection.state is ConnectionState.DISCONNECTED:
        raise NotConnected
    return client_for_cleanup(connection, for_page=for_page)


def client_for_cleanup(connection: Connection, *, for_page: bool = False) -> SmartRecruiters:
    """The same, also of a disconnected one. Raises NotConnected once it is forgotten."""
    if not connection.client_id or not connection.encrypted_client_secret:
        raise NotConnected
    secret = vault.decrypt(connection.encrypted_client_secret)
    # A page gives up sooner than a worker, which says nothing about SmartRecruiters.
    witness = None if for_page else breakers.BreakerObserver(connection.id)
    return client_with(connection.client_id, secret, for_page=for_page, witness=witness)


def client_with(
    client_id: str,
    client_secret: str,
    *,
    for_page: bool = False,
    witness: CallObserver | None = None,
) -> SmartRecruiters:
    """A client with a credential that may not be a connection's yet."""
    end_read()
    client = SmartRecruiters(
        client_id,
        client_secret,
        api_url=settings.smartrecruiters_api_url,
        token_url=settings.smartrecruiters_token_url,
        tokens=SharedTokens(vault),
        limits=SharedLimits(PAGE_WAITS_FOR_A_TURN if for_page else WORKER_WAITS_FOR_A_TURN),
        clock=now,
        session=thread_session(),
        read_timeout=PATIENCE_OF_THE_SLOW_LANE if current.patient else PATIENCE_OF_A_WORKER,
        witness=witness,
    )
    return client.with_timeouts(PAGE_TIMEOUTS) if for_page else client


def means_gone(error: SmartRecruitersError, client: SmartRecruiters) -> bool:
    """Does this answer say that what we asked for is gone, or out of this credential's reach?

    SmartRecruiters answers 404, 403, or 401 as it does to an expired token (published OpenAPI: 401
    for a job or candidate, 403 and 404 for what lies below a candidate). While it refuses our token
    altogether, nobody must be taken for deleted, so something that is surely there is asked for.
    Raises what that call raises, if it tells nothing.
    """
    if isinstance(error, NotFound):
        return True
    if not isinstance(error, NoAccess) or error.lacks_scope:
        return False
    try:
        client.company()
    except NoAccess as refusal:
        return refusal.lacks_scope  # the token was taken, only that call's scope is missing
    return True
