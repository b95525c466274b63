"""What the sandbox holds, kept in memory under a name and brought back any number of times, so that
tests that begin alike need not begin by saying it all again."""

from copy import deepcopy

from .control_api import blueprint
from .errors import ApiError
from .gate import world


@blueprint.post("/snapshots/<name>")
def keep(name: str) -> tuple[str, int]:
    """Keep what there is; raise 409 while something is still to be delivered."""
    here = world()
    with here.lock:
        if any(delivery.state == "pending" for delivery in here.deliveries.list()):
            raise ApiError(409, "DELIVERIES_PENDING", "Something is still to be delivered.")
        here.snapshots[name] = deepcopy(here.contents())
    return "", 204


@blueprint.post("/snapshots/<name>/restore")
def restore(name: str) -> tuple[str, int]:
    """Reset, and bring back what was kept; raise 404 for an unknown name."""
    here = world()
    with here.lock:
        if name not in here.snapshots:
            raise ApiError(404, "UNKNOWN_SNAPSHOT", f"Nothing was kept as {name}.")
        here.restore(deepcopy(here.snapshots[name]))
    return "", 204
