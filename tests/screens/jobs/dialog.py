"""What the Connect dialog offers, read from its page, and chosen in a browser."""

import re
import uuid

from playwright.sync_api import Locator, Page

NEVER = "00000000-0000-4000-8000-000000000000"
"""The id of nothing."""


def radios(page: str) -> list[str]:
    """The titles of the jobs that are offered."""
    return re.findall(r'class="option-title"><bdi>(.*?)</bdi>', page)


def options(page: str) -> list[str]:
    """The stages that are offered."""
    found = re.findall(r"<option[^>]*>(.*?)</option>", page, re.DOTALL)
    return [" ".join(option.split()) for option in found]


def found(desk, job_id: uuid.UUID, text: str):
    return desk.browser.get(
        f"/jobs/{job_id}/connect/jobs", query_string={"q": text}, headers={"HX-Request": "true"}
    )


def pick_stage(place: Page | Locator, label: str) -> None:
    """Choose the stage whose label begins so: a number follows as soon as it is known."""
    stages = place.get_by_label("Invitation stage")
    option = stages.locator("option", has_text=label)
    stages.select_option(value=option.get_attribute("value"))
