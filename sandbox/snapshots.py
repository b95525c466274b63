"""Keeps the sandbox's contents under a name, in memory, and restores them any number of times.

Tests with the same beginning need not create it again.
"""

from copy import deepcopy

from .control_api import blueprint
from .errors import ApiError
from .gate import world


@blueprint.post("/snapshots/<name>")
def keep(name: str) -> tuple[str, int]:
    """Keep the present contents; raise 409 while a delivery is pending."""
    here = world()
    with here.lock:
        if any(delivery.state == "pending" for delivery in here.deliveries.list()):
            raise ApiError(409, "DELIVERIES_PENDING", "Something is still to be delivered.")
        here.snapshots[name] = deepcopy(here.contents())
    return "", 204


@blueprint.post("/snapshots/<name>/restore")
def restore(name: str) -> tuple[str, int]:
    """Replace everything with the kept contents; raise 404 for an unknown name."""
    here = world()
    with here.lock:
        if name not in here.snapshots:
            raise ApiError(404, "UNKNOWN_SNAPSHOT", f"Nothing was kept as {name}.")
        here.restore(deepcopy(here.snapshots[name]))
    return "", 204
