"""What the worker does for fairness."""

import uuid

from eqsr.extras.fairness import service
from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.schedule import every


@handles(WorkKind.FAIRNESS_REPORT, attempts=8)
def make_report(organisation_id: uuid.UUID) -> None:
    service.make_report(organisation_id)


@every(seconds=3600)
def want_due_reports() -> None:
    service.want_due_reports()
