"""Worker tasks for fairness reports."""

import uuid

from eqsr.extras.fairness import reports, self_identification
from eqsr.merges import handover
from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.schedule import every

handover.moved_by(self_identification.move)


@handles(WorkKind.FAIRNESS_REPORT, attempts=8)
def make_report(organisation_id: uuid.UUID) -> None:
    """Make an organisation's report if it is due."""
    reports.make_report(organisation_id)


@every(seconds=3600)
def want_due_reports() -> None:
    """Queue the reports that are due."""
    reports.want_due_reports()
