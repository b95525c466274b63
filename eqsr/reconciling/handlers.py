"""The work and the scheduled tasks of reconciling."""

import uuid

from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.lanes import SLOW
from eqsr.outbox.schedule import every
from eqsr.reconciling import (
    application_checks,
    callbacks,
    history,
    progress,
    results,
    resumed_jobs,
    service,
    stages,
)


def _on_dead(sweep_id: uuid.UUID, _reason: str) -> None:
    progress.give_up(sweep_id)


@handles(WorkKind.SWEEP_CALLBACKS, attempts=8, on_dead=_on_dead, recurring=True, lane=SLOW)
def sweep_callbacks(sweep_id: uuid.UUID) -> None:
    """Read one page of a sweep of the callbacks log."""
    callbacks.sweep(sweep_id)


@handles(WorkKind.SWEEP_STAGE, attempts=8, on_dead=_on_dead, recurring=True, lane=SLOW)
def sweep_stage(sweep_id: uuid.UUID) -> None:
    """Read one page of a sweep of a stage."""
    stages.sweep(sweep_id)


@handles(WorkKind.SWEEP_RESULTS, attempts=8, on_dead=_on_dead, recurring=True, lane=SLOW)
def sweep_results(sweep_id: uuid.UUID) -> None:
    """Check one page of results."""
    results.sweep(sweep_id)


@handles(WorkKind.CHECK_APPLICATION, attempts=20)
def check_application(application_id: uuid.UUID) -> None:
    """Evaluate an application that a sweep found."""
    application_checks.check(application_id)


@every(seconds=30)
def begin_due() -> None:
    """Begin the sweeps that are due."""
    service.begin_due()


@every(seconds=30)
def sweep_resumed_jobs() -> None:
    """Begin sweeps of stages whose SmartRecruiters job takes candidates again."""
    resumed_jobs.sweep_resumed()


@every(seconds=3600)
def forget_old_sweeps() -> None:
    """Delete old sweeps."""
    history.forget_old()
