"""Make SmartRecruiters clients that share tokens and rate limits with all other processes."""

from eqsr.connections.limits import SharedLimits
from eqsr.connections.models import Connection, ConnectionState
from eqsr.connections.tokens import SharedTokens
from eqsr.core.clock import now
from eqsr.core.db import end_read
from eqsr.core.extensions import settings, vault
from eqsr.core.messages import N_
from eqsr.outbox import breakers
from eqsr.outbox.lanes import current
from eqsr.smartrecruiters.call_observer import CallObserver
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.base import SmartRecruitersError
from eqsr.smartrecruiters.errors.refusals import NotFound
from eqsr.smartrecruiters.sessions import thread_session

# Seconds to wait for an answer: for a page, for a worker, and in the slow lane, where no other work
# waits (SmartRecruiters advises at least 128 s; docs, rate limiting).
PAGE_TIMEOUTS = 8.0
WORKER_TIMEOUT = 20.0
SLOW_LANE_TIMEOUT = 130.0
# Seconds to wait for a place within the rate limits. A worker reschedules its work instead, unless
# the wait is shorter than that takes.
PAGE_LIMIT_WAIT = 3.0
WORKER_LIMIT_WAIT = 0.1


class NotConnected(Exception):
    """The connection has no credential, or is disconnected."""

    fault = "connection"
    retryable = False
    sentence = N_("SmartRecruiters is not connected. Ask an administrator to connect it.")

    def __init__(self) -> None:
        super().__init__(self.sentence)


def client_for(connection: Connection, *, for_page: bool = False) -> SmartRecruiters:
    """Return a client with the connection's credential. Ends the open read, as calls take long.

    ``for_page``: with a page's short timeouts. Raises NotConnected, also for a disconnected
    connection whose credential is only there for clean-up; and DecryptionError.
    """
    if connection.state is ConnectionState.DISCONNECTED:
        raise NotConnected
    return client_for_cleanup(connection, for_page=for_page)


def client_for_cleanup(connection: Connection, *, for_page: bool = False) -> SmartRecruiters:
    """Like client_for, but also for a disconnected connection until its credential is deleted.

    Raises NotConnected after that.
    """
    if not connection.client_id or not connection.encrypted_client_secret:
        raise NotConnected
    secret = vault.decrypt(connection.encrypted_client_secret)
    # A page's short timeout says nothing about SmartRecruiters, so only workers feed the breaker.
    observer = None if for_page else breakers.BreakerObserver(connection.id)
    return client_with(connection.client_id, secret, for_page=for_page, observer=observer)


def client_with(
    client_id: str,
    client_secret: str,
    *,
    for_page: bool = False,
    observer: CallObserver | None = None,
) -> SmartRecruiters:
    """Return a client with any credential, such as one being tried. Ends the open read."""
    end_read()
    client = SmartRecruiters(
        client_id,
        client_secret,
        api_url=settings.smartrecruiters_api_url,
        token_url=settings.smartrecruiters_token_url,
        tokens=SharedTokens(vault),
        limits=SharedLimits(PAGE_LIMIT_WAIT if for_page else WORKER_LIMIT_WAIT),
        clock=now,
        session=thread_session(),
        read_timeout=SLOW_LANE_TIMEOUT if current.patient else WORKER_TIMEOUT,
        observer=observer,
    )
    return client.with_timeouts(PAGE_TIMEOUTS) if for_page else client


def means_gone(error: SmartRecruitersError, client: SmartRecruiters) -> bool:
    """Does this error mean that the thing is gone, or out of this credential's reach?

    SmartRecruiters answers 404, 403, or 401 as for an expired token (published OpenAPI: 401 for a
    job or candidate, 403 and 404 below a candidate). While it refuses our token altogether, nothing
    may be taken for deleted, so ask for the company, which surely exists. Raises the error of that
    call if it is inconclusive.
    """
    if isinstance(error, NotFound):
        return True
    if not isinstance(error, NoAccess) or error.lacks_scope:
        return False
    try:
        client.company()
    except NoAccess as refusal:
        return refusal.lacks_scope  # the token works; only that call's scope is missing
    return True
