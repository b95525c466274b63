"""What a browser reports about its device, as far as it affects response times."""

from collections.abc import Mapping
from typing import Any

DEVICE = ("pixel_ratio", "refresh_hz", "width", "height")
POINTERS = ("coarse", "fine")


def device_facts(posted: Any) -> dict[str, Any]:
    """Keep the known and plausible facts that a browser reports about its device."""
    if not isinstance(posted, Mapping):
        return {}
    facts: dict[str, Any] = {
        name: posted[name]
        for name in DEVICE
        if isinstance(posted.get(name), (int, float)) and 0 < posted[name] < 100_000
    }
    if posted.get("pointer") in POINTERS:
        facts["pointer"] = posted["pointer"]
    if isinstance(posted.get("reduced_motion"), bool):
        facts["reduced_motion"] = posted["reduced_motion"]
    return facts
