"""The walk past every page: the story again, with stops, and with what may go wrong."""

from collections.abc import Callable, Sequence
from typing import Any

from playwright.sync_api import Browser

from tools.demo import Demo
from tools.screenshots import (
    candidate,
    dialog,
    elsewhere,
    erasing,
    games,
    guests,
    invitations,
    jobs,
    joining,
    lists,
    mails,
    onboarding,
    organisation,
    recruiter,
    results,
    staff,
    team,
    trouble,
)
from tools.screenshots.sandbox import Sandbox
from tools.screenshots.studio import Seen, Studio

# In the order of the story: each part needs the results of the earlier ones.
PARTS: tuple[tuple[str, Callable[[Studio], None]], ...] = (
    ("staff", staff.walk),
    ("onboarding", onboarding.walk),
    ("jobs", jobs.walk),
    ("dialog", dialog.walk),
    ("organisation", organisation.walk),
    ("results", results.walk),
    ("candidate", candidate.walk),
    ("games", games.walk),
    ("team", team.walk),
    ("joining", joining.walk),
    ("recruiter", recruiter.walk),
    ("invitations", invitations.walk),
    ("guests", guests.walk),
    ("elsewhere", elsewhere.walk),
    ("mails", mails.walk),
    ("lists", lists.walk),
    ("erasing", erasing.walk),
    ("trouble", trouble.walk),
)


def walk(browser: Browser, demo: Demo, camera: Any, only: Sequence[str] = ()) -> Seen:
    """Show the camera all pages, or those of some parts; return what the walk has shown."""
    studio = Studio(browser, demo, Sandbox(demo))
    names = [name for name, _ in PARTS]
    last = max(map(names.index, only), default=len(PARTS) - 1)
    for name, part in PARTS[: last + 1]:
        studio.camera = camera if not only or name in only else None
        part(studio)
    return studio.seen
