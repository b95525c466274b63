"""The form of a job's target ranges."""

import uuid

from tests.world import World, csrf_token


def marks(world: World, job_id: uuid.UUID, who=World.bob, **scales):
    """``extraversion=(4, 8, "a reason")`` for each scale that matters."""
    browser = world.log_in(who)
    form = {"csrf_token": csrf_token(browser)}
    for scale, (least, most, reason) in scales.items():
        name = f"work-style.{scale}"
        form |= {f"matters-{name}": "1", f"least-{name}": str(least), f"most-{name}": str(most)}
        form[f"reason-{name}"] = reason
    return browser.post(f"/jobs/{job_id}/fit", data=form)
