"""What the worker does for reconciling."""

import uuid

from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.lanes import SLOW
from eqsr.outbox.schedule import every
from eqsr.reconciling import callbacks, results, service, stages


def _gave_up(sweep_id: uuid.UUID, _reason: str) -> None:
    service.give_up(sweep_id)


@handles(WorkKind.SWEEP_CALLBACKS, attempts=8, on_dead=_gave_up, recurring=True, lane=SLOW)
def sweep_callbacks(sweep_id: uuid.UUID) -> None:
    callbacks.sweep(sweep_id)


@handles(WorkKind.SWEEP_STAGE, attempts=8, on_dead=_gave_up, recurring=True, lane=SLOW)
def sweep_stage(sweep_id: uuid.UUID) -> None:
    stages.sweep(sweep_id)


@handles(WorkKind.SWEEP_RESULTS, attempts=8, on_dead=_gave_up, recurring=True, lane=SLOW)
def sweep_results(sweep_id: uuid.UUID) -> None:
    results.sweep(sweep_id)


@handles(WorkKind.CHECK_APPLICATION, attempts=20)
def check_application(application_id: uuid.UUID) -> None:
    stages.check(application_id)


@every(seconds=30)
def begin_due() -> None:
    service.begin_due()


@every(seconds=3600)
def forget_old_sweeps() -> None:
    service.forget_old()
