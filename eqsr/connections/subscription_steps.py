"""The steps of connecting that follow a proved credential: subscribe, sign, activate."""

from eqsr.connections import progress, promotion, signing_keys, subscription
from eqsr.connections.models import Connection
from eqsr.connections.progress import StepOutcome
from eqsr.connections.step_runner import ConnectAttempt
from eqsr.core.db import transaction
from eqsr.core.extensions import settings
from eqsr.core.messages import store
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.refusals import RequestRefused
from eqsr.smartrecruiters.types.webhooks import Subscription


def subscribe(run: ConnectAttempt, client: SmartRecruiters, connection: Connection) -> None:
    """Take the steps from the subscription to its activation, and promote the credential.

    Raises as ``ConnectAttempt.call`` does.
    """
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
