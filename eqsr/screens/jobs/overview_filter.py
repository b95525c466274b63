"""What the overview of jobs can be searched, filtered and sorted by."""

from dataclasses import dataclass
from enum import StrEnum


class Show(StrEnum):
    """Filter by the state of the job."""

    ALL = "all"
    DRAFT = "draft"
    CONNECTED = "connected"
    LINK = "link"
    CLOSED = "closed"
    TROUBLE = "trouble"


class Order(StrEnum):
    """Sort order of the jobs."""

    ACTIVITY = "activity"
    TITLE = "title"
    INVITED = "invited"
    COMPLETED = "completed"


@dataclass(frozen=True)
class OverviewFilter:
    """Which jobs to show: with all words of ``text`` in the title or the SmartRecruiters job."""

    text: str = ""
    show: Show = Show.ALL
    order: Order = Order.ACTIVITY

    @property
    def narrowed(self) -> bool:
        """Whether the filter leaves anything out."""
        return bool(self.text) or self.show is not Show.ALL


EVERY_JOB = OverviewFilter()
"""The filter that leaves nothing out."""


def overview_filter(text: str, show: str, order: str) -> OverviewFilter:
    """The filter from query parameters; unknown values are ignored."""
    return OverviewFilter(
        " ".join(text.replace("\x00", " ").split())[:200],
        Show(show) if show in list(Show) else Show.ALL,
        Order(order) if order in list(Order) else Order.ACTIVITY,
    )
