"""What the Connect dialog offers, read from its page."""

import re
import uuid

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
