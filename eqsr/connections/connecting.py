"""Connect: try a credential step by step, then subscribe to events. The worker runs this.

An interrupted run resumes at the step where it stopped. The old credential stays in use until the
new one has passed every step.
"""

import logging
import uuid
from functools import partial

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections import credential_steps, progress, queries
from eqsr.connections.credential_steps import client_on_trial
from eqsr.connections.models import Connection
from eqsr.connections.run_lease import lease
from eqsr.connections.step_runner import ConnectAttempt, Stopped, Superseded
from eqsr.connections.subscription_steps import subscribe
from eqsr.core.db import transaction
from eqsr.core.encryption import DecryptionError
from eqsr.core.messages import N_
from eqsr.smartrecruiters.scopes import SCOPES

log = logging.getLogger(__name__)

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
    with lease(connection):
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
    subscribe(run, client, connection)


def _note_failure(connection_id: uuid.UUID) -> None:
    with transaction():
        connection = queries.for_update(connection_id)
        activity.log(
            ActivityKind.CONNECTION_FAILED,
            connection.organisation_id,
            connection_id=connection.id,
            reason=progress.failure(connection),
        )
