"""What happens for fairness by the clock."""

from eqsr.fairness import service
from eqsr.outbox.schedule import every


@every(seconds=3600)
def make_due_reports() -> None:
    service.make_due_reports()
