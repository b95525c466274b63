"""What SmartRecruiters' users change for a while: scopes, hiring processes, a job's status.

Each change returns what undoes it.
"""

from collections.abc import Callable
from typing import Any

from eqsr.smartrecruiters.scopes import SCOPES
from tests.services.sandbox import Sandbox
from tools.chaos.customers import Customer
from tools.chaos.plan import CONNECTED

Undo = Callable[[], None]
# A stage that nobody is moved to, which comes and goes beside the watched one.
PASSING = "Case study"


def take_scope_away(box: Sandbox, customer: Customer, target: int) -> Undo:
    """Take one scope from the customer's credential."""
    there = f"companies/{customer.company}/credentials"
    [credential] = box.get(there)
    path, scopes = f"{there}/{credential['id']}", [scope.value for scope in SCOPES]
    without = scopes[target % len(scopes)]
    box.post(path, {"scopes": [scope for scope in scopes if scope != without]})
    return lambda: _post(box, path, {"scopes": "all"})


def add_and_rename_stage(box: Sandbox, customer: Customer, target: int) -> Undo:
    """Add a stage, or rename the one that another change has added; take it out at the end."""
    process = box.get(f"companies/{customer.company}")["hiringProcesses"][0]
    path = f"companies/{customer.company}/hiring-processes/{process['id']}"
    stages = process["subStatuses"]
    review = [name for name in stages["IN_REVIEW"] if not name.startswith(PASSING)]
    changed = [*review, f"{PASSING} {target}"]
    box.post(path, {"subStatuses": stages | {"IN_REVIEW": changed}})
    return lambda: _post(box, path, {"subStatuses": stages | {"IN_REVIEW": review}})


def stop_job(box: Sandbox, customer: Customer, target: int) -> Undo:
    """Put a connected job on hold, cancel it or fill it; go on with it at the end."""
    job = customer.ats_jobs[CONNECTED[target % len(CONNECTED)]]
    path = f"companies/{customer.company}/jobs/{job}"
    box.post(path, {"status": ("ON_HOLD", "CANCELLED", "FILLED")[target % 3]})
    return lambda: _post(box, path, {"status": "SOURCING"})


def _post(box: Sandbox, path: str, change: dict[str, Any]) -> None:
    box.post(path, change)


CHANGES: dict[str, Callable[[Sandbox, Customer, int], Undo]] = {
    "scope away": take_scope_away,
    "stages change": add_and_rename_stage,
    "job stopped": stop_job,
}
