"""Connect: try a credential step by step, then subscribe to events. The worker runs this.

An interrupted run resumes at the step where it stopped. The old credential stays in use until the
new one has passed every step.
"""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from sqlalchemy import or_, update

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections import (
    credential_steps,
    progress,
    promotion,
    queries,
    signing_keys,
    subscription,
)
from eqsr.connections.credential_steps import client_on_trial
from eqsr.connections.models import Connection
from eqsr.connections.progress import ConnectAttempt, StepOutcome, Stopped, Superseded
from eqsr.core.clock import now
from eqsr.core.db import row_count, transaction
from eqsr.core.extensions import settings
from eqsr.core.messages import N_, store
from eqsr.core.security import DecryptionError
from eqsr.outbox.handlers import Reschedule
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import RequestRefused
from eqsr.smartrecruiters.scopes import SCOPES
from eqsr.smartrecruiters.types import Subscription

log = logging.getLogger(__name__)

# One worker at a time takes the steps of a run; a killed worker's lease expires.
RUN_LEASE = timedelta(minutes=5)

CREDENTIAL_UNREADABLE = N_(
    "The stored Client Secret can't be read any more, because our encryption key was changed: "
    "enter it again."
)


def connect(connection_id: uuid.UUID) -> None:
    """Take the remaining steps of the latest run.

    A failure that a person can fix ends the run and is stored. Raises a retryable
    SmartRecruitersError for a temporary one, and Reschedule while another worker takes the steps.
    """
    connection = queries.get(connection_id)
    if connection is None or not progress.running(connection):
        return
    with _lease(connection):
        try:
            _take_steps(connection)
        except DecryptionError:
            on_dead(connection_id, CREDENTIAL_UNREADABLE)
        except Stopped:
            _note_failure(connection_id)
        except Superseded:
            log.info("superseded by other credentials", extra={"connection": connection_id})


def on_dead(connection_id: uuid.UUID, sentence: str = "") -> None:
    """End the run at its current step, so that a person can try again."""
    with transaction():
        if progress.stop(queries.for_update(connection_id), sentence):
            _note_failure(connection_id)


def _take_steps(connection: Connection) -> None:
    run = ConnectAttempt(connection)
    client = client_on_trial(connection)
    run.take(progress.TOKEN, partial(credential_steps.check_token, client, connection))
    # Read again: the token's step may have exchanged Client ID and Client Secret.
    connection = queries.get_one(connection.id)
    client = client_on_trial(connection)
    run.take(progress.COMPANY, partial(credential_steps.check_company, client, connection))
    for scope in SCOPES:
        check = partial(credential_steps.check_one_scope, client, scope)
        run.take(f"{progress.SCOPE_STEP}{scope.value}", check)
    if run.failed:
        raise Stopped
    _subscribe(run, client, connection)


def _subscribe(run: ConnectAttempt, client: SmartRecruiters, connection: Connection) -> None:
    step = progress.SUBSCRIPTION
    there = run.call(step, lambda: subscription.ours(client, connection))
    current = run.call(step, lambda: _ensure(client, connection, there))
    run.mark(step, StepOutcome())
    step = progress.SIGNING
    run.call(step, lambda: signing_keys.ensure_signing_key(client, connection, current.ats_id))
    run.mark(step, StepOutcome())
    step = progress.ACTIVATION
    if not current.active:
        run.call(step, lambda: client.activate(current.ats_id))
    run.call(step, lambda: subscription.drop_others(client, there, current.ats_id))
    promotion.drop_old_subscription(connection, current)
    with transaction():
        promotion.promote(run.mark(step, StepOutcome()), current)


def _ensure(
    client: SmartRecruiters, connection: Connection, there: list[Subscription]
) -> Subscription:
    """Find or create our subscription; explain a refused address in our own words."""
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
def _lease(connection: Connection) -> Iterator[None]:
    """Keep other workers from this run until the block ends. Raises Reschedule if one has it."""
    this_run = (Connection.id == connection.id, Connection.run == connection.run)
    free = or_(Connection.run_until.is_(None), Connection.run_until < now())
    with transaction() as session:
        lease = update(Connection).where(*this_run, free).values(run_until=now() + RUN_LEASE)
        taken = row_count(session.execute(lease))
    if not taken:
        raise Reschedule(2, "another worker is connecting it")
    try:
        yield
    finally:
        with transaction() as session:
            session.execute(update(Connection).where(*this_run).values(run_until=None))
