"""Connecting: a credential is tried, scope by scope, and events are subscribed to.

The worker runs it. Whatever is interrupted goes on at the step where it stood, and an old
credential works until the new one has proved itself in every step.
"""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import or_, update

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections import checks, credential_changes, progress, queries, subscription
from eqsr.connections.clients import client_for, client_for_cleanup, client_with
from eqsr.connections.credential_changes import By
from eqsr.connections.models import Connection, ConnectionState
from eqsr.connections.progress import (
    FAILED,
    OK,
    WARNING,
    ConnectAttempt,
    StepOutcome,
    Stopped,
    Superseded,
)
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.extensions import settings, vault
from eqsr.core.messages import N_, store
from eqsr.core.security import DecryptionError
from eqsr.outbox import service as outbox
from eqsr.outbox.handlers import Reschedule
from eqsr.outbox.kinds import WorkKind
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import CredentialsRefused, RequestRefused, SmartRecruitersError
from eqsr.smartrecruiters.scopes import SCOPES, Scope
from eqsr.smartrecruiters.types import Subscription

log = logging.getLogger(__name__)

# Seconds per call. A person watches, but SmartRecruiters may take 20 s for the handshake.
CONNECT_TIMEOUT = 20.0
CLEANUP_TIMEOUT = 8.0
# Two workers must not take the steps of one run at once; a killed one's turn lapses.
TURN = timedelta(minutes=5)

# As many characters as a Client ID may have in our form and tables.
LONGEST_ID = 300

SWAPPED = N_(
    "The Client ID and the Client Secret were in each other's field. We exchanged them: you need "
    "not do anything."
)
LOST_KEY = N_(
    "The stored Client Secret can't be read any more, because our encryption key was changed: "
    "enter it again."
)


def connect(connection_id: uuid.UUID) -> None:
    """Take the steps of the latest run that are still to be taken.

    Failures that a person can mend end the run and are written down. Raises
    SmartRecruitersError(retryable) for those that pass by themselves, and Reschedule while another
    worker is at it.
    """
    connection = queries.get(connection_id)
    if connection is None or not progress.running(connection):
        return
    with _turn(connection):
        try:
            _take_steps(connection)
        except DecryptionError:
            on_dead(connection_id, LOST_KEY)
        except Stopped:
            _note_failure(connection_id)
        except Superseded:
            log.info("superseded by other credentials", extra={"connection": connection_id})


def on_dead(connection_id: uuid.UUID, sentence: str = "") -> None:
    """End the run where it stands, so that a person can try again."""
    with transaction():
        if progress.stop(queries.for_update(connection_id), sentence):
            _note_failure(connection_id)


def _take_steps(connection: Connection) -> None:
    run = ConnectAttempt(connection)
    client = _client(connection)
    run.take(progress.TOKEN, lambda: _token(client, connection))
    connection = queries.get(connection.id)
    client = _client(connection)
    run.take(progress.COMPANY, lambda: _company(client, connection))
    for scope in SCOPES:
        run.take(f"{progress.SCOPE_STEP}{scope.value}", lambda scope=scope: _scope(client, scope))
    if run.failed:
        raise Stopped
    _subscribe(run, client, connection)


def _client(connection: Connection) -> SmartRecruiters:
    """With the credential on trial; without one, with the connection's own."""
    pending = _pending(connection)
    client = client_with(*pending) if pending else client_for(connection)
    return client.with_timeouts(CONNECT_TIMEOUT)


def _pending(connection: Connection) -> tuple[str, str] | None:
    """Return Client ID and Client Secret on trial, or None. Raises DecryptionError."""
    client_id, secret = connection.encrypted_pending_client_id, connection.encrypted_pending_secret
    return (vault.decrypt(client_id), vault.decrypt(secret)) if client_id and secret else None


def _token(client: SmartRecruiters, connection: Connection) -> StepOutcome:
    try:
        client.check_token()
    except CredentialsRefused:
        if not _swapped(connection):
            raise
        return StepOutcome(OK, SWAPPED)
    return StepOutcome()


def _swapped(connection: Connection) -> bool:
    """Were the two pasted into each other's fields? SmartRecruiters then takes them the other way
    round, and they are stored the right way."""
    pending, run = _pending(connection), connection.run
    if pending is None:
        return False
    client_secret, client_id = pending
    if len(client_id) > LONGEST_ID:
        return False
    try:
        client_with(client_id, client_secret).with_timeouts(CONNECT_TIMEOUT).check_token()
    except CredentialsRefused:
        return False
    with transaction():
        fresh = queries.for_update(connection.id)
        if fresh.run != run or not progress.running(fresh):
            raise Superseded
        fresh.encrypted_pending_client_id = vault.encrypt(client_id)
        fresh.encrypted_pending_secret = vault.encrypt(client_secret)
    return True


def _company(client: SmartRecruiters, tried: Connection) -> StepOutcome:
    run, found = tried.run, checks.company(client)
    with transaction():
        connection = queries.for_update(tried.id)
        if connection.run != run or not progress.running(connection):
            raise Superseded
        replacing = connection.encrypted_pending_secret is not None
        problem = checks.is_other_company(connection, found)
        if problem and (replacing or found is not None):
            return StepOutcome(FAILED, problem)
        if found is None:
            sentence = N_("SmartRecruiters does not let us see the company's name.")
            return StepOutcome(WARNING, sentence)
        connection.candidate_company_name = found.name
        connection.candidate_company_identifier = found.identifier
    return StepOutcome(OK, found.name)


def _scope(client: SmartRecruiters, scope: Scope) -> StepOutcome:
    check = checks.prove_scope(client, scope)
    sentence = checks.sentence_for(check)
    if check.outcome == "granted":
        return StepOutcome(OK, sentence, check.outcome)
    failed = check.outcome == "missing" and scope.needed
    return StepOutcome(FAILED if failed else WARNING, sentence, check.outcome)


def _subscribe(run: ConnectAttempt, client: SmartRecruiters, connection: Connection) -> None:
    step = progress.SUBSCRIPTION
    there = run.call(step, lambda: subscription.ours(client, connection))
    kept = run.call(step, lambda: _ensured(client, connection, there))
    run.mark(step, StepOutcome())
    step = progress.SIGNING
    run.call(step, lambda: subscription.ensure_signing_key(client, connection, kept.ats_id))
    run.mark(step, StepOutcome())
    step = progress.ACTIVATION
    if not kept.active:
        run.call(step, lambda: client.activate(kept.ats_id))
    run.call(step, lambda: subscription.drop_others(client, there, kept.ats_id))
    _drop_old(connection, kept)
    with transaction():
        _promote(run.mark(step, StepOutcome()), kept)


def _ensured(
    client: SmartRecruiters, connection: Connection, there: list[Subscription]
) -> Subscription:
    try:
        return subscription.ensure(client, connection, there)
    except RequestRefused as refused:
        if refused.status == 422:
            refused.sentence = store(
                "SmartRecruiters does not send events to %(address)s: the address of this "
                "installation must be reachable from the internet over https. Contact support.",
                address=settings.public_url,
            )
        raise


def _drop_old(connection: Connection, kept: Subscription) -> None:
    """The old credential's own subscription, which the new one may not be allowed to see."""
    replaced = connection.subscription_id and connection.subscription_id != kept.ats_id
    if not replaced or not connection.encrypted_client_secret:
        return
    try:
        old = client_for_cleanup(connection).with_timeouts(CLEANUP_TIMEOUT)
        old.delete_subscription(connection.subscription_id)
    except (SmartRecruitersError, DecryptionError) as error:
        # It went with its credential, or its events will be found to be doubles.
        log.warning("old subscription left: %s", error, extra={"connection": connection.id})


def _promote(connection: Connection, kept: Subscription) -> None:
    """The credential on trial becomes the connection's own."""
    first = connection.connected_at is None or not connection.encrypted_client_secret
    pending = _pending(connection)
    if pending:
        connection.client_id = pending[0]
        connection.encrypted_client_secret = connection.encrypted_pending_secret
        connection.encrypted_pending_client_id = connection.encrypted_pending_secret = None
        _tell_company(connection)
        by = By(connection.begun_by or "", connection.begun_by_id, connection.begun_from or "")
        action = credential_changes.CONNECTED if first else credential_changes.REPLACED
        credential_changes.record(action, connection, by, client_id=connection.client_id)
    subscription.record_active(connection, kept.ats_id)
    connection.scopes = _scopes(connection)
    connection.checked_at = connection.connected_at = now()
    connection.state = ConnectionState.ACTIVE
    connection.problem = connection.problem_at = None
    note = {"organisation_id": connection.organisation_id, "connection_id": connection.id}
    company = connection.company_name or connection.organisation.name
    activity.log(ActivityKind.CONNECTION_MADE, company=company, **note)
    activity.log(ActivityKind.SUBSCRIPTION_MADE, **note)
    outbox.unpark(connection.id)
    outbox.enqueue(WorkKind.MIRROR_JOBS, connection.id, connection_id=connection.id, once=True)


def _tell_company(connection: Connection) -> None:
    """The company that this run saw is the connection's from now on."""
    if connection.candidate_company_name or connection.candidate_company_identifier:
        connection.company_name = connection.candidate_company_name
        connection.company_identifier = connection.candidate_company_identifier
    connection.candidate_company_name = connection.candidate_company_identifier = None


def _scopes(connection: Connection) -> list[dict]:
    return [
        {
            "scope": step["name"].removeprefix(progress.SCOPE_STEP),
            "outcome": step["outcome"],
            "sentence": step["sentence"],
        }
        for step in connection.steps
        if step["name"].startswith(progress.SCOPE_STEP)
    ]


def _note_failure(connection_id: uuid.UUID) -> None:
    with transaction():
        connection = queries.for_update(connection_id)
        activity.log(
            ActivityKind.CONNECTION_FAILED,
            connection.organisation_id,
            connection_id=connection.id,
            reason=progress.failure(connection),
        )


@contextmanager
def _turn(connection: Connection) -> Iterator[None]:
    """Keeps other workers from this run, until the end of the block."""
    this_run = (Connection.id == connection.id, Connection.run == connection.run)
    free = or_(Connection.run_until.is_(None), Connection.run_until < now())
    with transaction() as session:
        taken = session.execute(
            update(Connection).where(*this_run, free).values(run_until=now() + TURN)
        ).rowcount
    if not taken:
        raise Reschedule(2, "another worker is connecting it")
    try:
        yield
    finally:
        with transaction() as session:
            session.execute(update(Connection).where(*this_run).values(run_until=None))
