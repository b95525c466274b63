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

from eqsr.activity import service as ledger
from eqsr.connections import checks, credential_changes, progress, queries, subscription
from eqsr.connections.clients import client_for, client_to_clear_up, client_with
from eqsr.connections.credential_changes import By
from eqsr.connections.models import Connection, ConnectionState
from eqsr.connections.progress import FAILED, OK, WARNING, Outcome, Run, Stopped, Superseded
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.extensions import settings, vault
from eqsr.core.messages import N_, keep
from eqsr.core.security import LostKey
from eqsr.outbox import service as outbox
from eqsr.outbox.handlers import PutBack
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import CredentialsRefused, Refused, SmartRecruitersError
from eqsr.smartrecruiters.scopes import SCOPES, Scope
from eqsr.smartrecruiters.types import Subscription

log = logging.getLogger(__name__)

# Seconds per call. A person watches, but SmartRecruiters may take 20 s for the handshake.
PATIENCE = 20.0
PATIENCE_WITH_THE_OLD = 8.0
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
    SmartRecruitersError(retryable) for those that pass by themselves, and PutBack while another
    worker is at it.
    """
    connection = queries.get(connection_id)
    if connection is None or not progress.running(connection):
        return
    with _turn(connection):
        try:
            _take_steps(connection)
        except LostKey:
            gave_up(connection_id, LOST_KEY)
        except Stopped:
            _note_failure(connection_id)
        except Superseded:
            log.info("superseded by other credentials", extra={"connection": connection_id})


def gave_up(connection_id: uuid.UUID, sentence: str = "") -> None:
    """End the run where it stands, so that a person can try again."""
    with transaction():
        if progress.stop(queries.for_update(connection_id), sentence):
            _note_failure(connection_id)


def _take_steps(connection: Connection) -> None:
    run = Run(connection)
    client = _client(connection)
    run.take(progress.TOKEN, lambda: _token(client, connection))
    connection = queries.get(connection.id)
    client = _client(connection)
    run.take(progress.COMPANY, lambda: _company(client, connection))
    for scope in SCOPES:
        run.take(f"{progress.SCOPE}{scope.value}", lambda scope=scope: _scope(client, scope))
    if run.failed:
        raise Stopped
    _subscribe(run, client, connection)


def _client(connection: Connection) -> SmartRecruiters:
    """With the credential on trial; without one, with the connection's own."""
    if connection.candidate_client_id and connection.locked_candidate_secret:
        secret = vault.unlock(connection.locked_candidate_secret)
        client = client_with(connection.candidate_client_id, secret)
    else:
        client = client_for(connection)
    return client.impatient(PATIENCE)


def _token(client: SmartRecruiters, connection: Connection) -> Outcome:
    try:
        client.check_token()
    except CredentialsRefused:
        if not _swapped(connection):
            raise
        return Outcome(OK, SWAPPED)
    return Outcome()


def _swapped(connection: Connection) -> bool:
    """Were the two pasted into each other's fields? SmartRecruiters then takes them the other way
    round, and they are stored the right way: a secret must not stand in clear as a Client ID."""
    if not connection.candidate_client_id or not connection.locked_candidate_secret:
        return False
    client_id = vault.unlock(connection.locked_candidate_secret)
    client_secret, run = connection.candidate_client_id, connection.run
    if len(client_id) > LONGEST_ID:
        return False
    try:
        client_with(client_id, client_secret).impatient(PATIENCE).check_token()
    except CredentialsRefused:
        return False
    with transaction():
        fresh = queries.for_update(connection.id)
        if fresh.run != run or not progress.running(fresh):
            raise Superseded
        fresh.candidate_client_id = client_id
        fresh.locked_candidate_secret = vault.lock(client_secret)
    return True


def _company(client: SmartRecruiters, tried: Connection) -> Outcome:
    run, found = tried.run, checks.company(client)
    with transaction():
        connection = queries.for_update(tried.id)
        if connection.run != run or not progress.running(connection):
            raise Superseded
        replacing = connection.locked_candidate_secret is not None
        problem = checks.another_company(connection, found)
        if problem and (replacing or found is not None):
            return Outcome(FAILED, problem)
        if found is None:
            sentence = N_("SmartRecruiters does not let us see the company's name.")
            return Outcome(WARNING, sentence)
        connection.candidate_company_name = found.name
        connection.candidate_company_identifier = found.identifier
    return Outcome(OK, found.name)


def _scope(client: SmartRecruiters, scope: Scope) -> Outcome:
    check = checks.proved(client, scope)
    sentence = checks.said(check)
    if check.outcome == "granted":
        return Outcome(OK, sentence, check.outcome)
    failed = check.outcome == "missing" and scope.needed
    return Outcome(FAILED if failed else WARNING, sentence, check.outcome)


def _subscribe(run: Run, client: SmartRecruiters, connection: Connection) -> None:
    step = progress.SUBSCRIPTION
    there = run.call(step, lambda: subscription.ours(client, connection))
    kept = run.call(step, lambda: _ensured(client, connection, there))
    run.mark(step, Outcome())
    step = progress.SIGNING
    run.call(step, lambda: subscription.sign(client, connection, kept.ats_id))
    run.mark(step, Outcome())
    step = progress.ACTIVATION
    if not kept.active:
        run.call(step, lambda: client.activate(kept.ats_id))
    run.call(step, lambda: subscription.drop_others(client, there, kept.ats_id))
    _drop_old(connection, kept)
    with transaction():
        _promote(run.mark(step, Outcome()), kept)


def _ensured(
    client: SmartRecruiters, connection: Connection, there: list[Subscription]
) -> Subscription:
    try:
        return subscription.ensure(client, connection, there)
    except Refused as refused:
        if refused.status == 422:
            refused.sentence = keep(
                "SmartRecruiters does not send events to %(address)s: the address of this "
                "installation must be reachable from the internet over https. Contact support.",
                address=settings.public_url,
            )
        raise


def _drop_old(connection: Connection, kept: Subscription) -> None:
    """The old credential's own subscription, which the new one may not be allowed to see."""
    replaced = connection.subscription_id and connection.subscription_id != kept.ats_id
    if not replaced or not connection.locked_client_secret:
        return
    try:
        old = client_to_clear_up(connection).impatient(PATIENCE_WITH_THE_OLD)
        old.delete_subscription(connection.subscription_id)
    except (SmartRecruitersError, LostKey) as error:
        # It went with its credential, or its events will be found to be doubles.
        log.warning("old subscription left: %s", error, extra={"connection": connection.id})


def _promote(connection: Connection, kept: Subscription) -> None:
    """The credential on trial becomes the connection's own."""
    first = connection.connected_at is None or not connection.locked_client_secret
    if connection.locked_candidate_secret:
        connection.client_id = connection.candidate_client_id
        connection.locked_client_secret = connection.locked_candidate_secret
        connection.candidate_client_id = connection.locked_candidate_secret = None
        _tell_company(connection)
        by = By(connection.begun_by or "", connection.begun_by_id, connection.begun_from or "")
        action = credential_changes.CONNECTED if first else credential_changes.REPLACED
        credential_changes.record(action, connection, by, client_id=connection.client_id)
    subscription.adopt(connection, kept.ats_id)
    connection.scopes = _scopes(connection)
    connection.checked_at = connection.connected_at = now()
    connection.state = ConnectionState.ACTIVE
    connection.problem = connection.problem_at = None
    note = {"organisation_id": connection.organisation_id, "connection_id": connection.id}
    company = connection.company_name or connection.organisation.name
    ledger.note("connection_made", company=company, **note)
    ledger.note("subscription_made", **note)
    outbox.wake(connection.id)
    outbox.enqueue("mirror_jobs", connection.id, connection_id=connection.id, once=True)


def _tell_company(connection: Connection) -> None:
    """The company that this run saw is the connection's from now on."""
    if connection.candidate_company_name or connection.candidate_company_identifier:
        connection.company_name = connection.candidate_company_name
        connection.company_identifier = connection.candidate_company_identifier
    connection.candidate_company_name = connection.candidate_company_identifier = None


def _scopes(connection: Connection) -> list[dict]:
    return [
        {
            "scope": step["name"].removeprefix(progress.SCOPE),
            "outcome": step["outcome"],
            "sentence": step["sentence"],
        }
        for step in connection.steps
        if step["name"].startswith(progress.SCOPE)
    ]


def _note_failure(connection_id: uuid.UUID) -> None:
    with transaction():
        connection = queries.for_update(connection_id)
        ledger.note(
            "connection_failed",
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
        raise PutBack(2, "another worker is connecting it")
    try:
        yield
    finally:
        with transaction() as session:
            session.execute(update(Connection).where(*this_run).values(run_until=None))
