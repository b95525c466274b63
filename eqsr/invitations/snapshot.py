"""What a decision is made from: an application as it was read, and a stage's rule."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from eqsr.smartrecruiters.types.candidates import StatusChange
from eqsr.smartrecruiters.types.stages import Stage


@dataclass(frozen=True)
class Snapshot:
    """An application as SmartRecruiters showed it at the time ``at``.

    ``history`` is oldest first, and empty if it could not be read. ``just_moved``: an event
    reported this very move. ``waited``: the grace period after that event has ended.
    """

    stage: Stage
    history: tuple[StatusChange, ...]
    email: str | None
    just_moved: bool
    at: datetime
    waited: bool = False

    @property
    def since(self) -> datetime | None:
        """When the application entered its present stage; None if the history does not say."""
        return self.came_into(self.stage)

    def came_into(self, stage: Stage) -> datetime | None:
        """When the application last entered ``stage``; None if the history does not say."""
        times = [
            change.changed_on
            for change in self.history
            if Stage(change.status, change.sub_status) == stage
        ]
        return max(times, default=None)

    def left(self, stage: Stage) -> datetime | None:
        """When the application moved on after it last entered ``stage``; None if it did not."""
        came = self.came_into(stage)
        times = [one.changed_on for one in self.history if came and one.changed_on > came]
        return min(times, default=None)


@dataclass(frozen=True)
class StageRule:
    """A stage link, and when the application was already invited under it.

    Moves before ``since`` do not count; with EPOCH every move counts, even one of unknown date.
    ``grace`` is how long to wait after a move, in case a recruiter undoes it. ``stopped``: why the
    SmartRecruiters job takes nobody now (connections.job_status); '' if it does.
    """

    stage: Stage
    since: datetime
    job_open: bool
    invited_on: datetime | None
    grace: timedelta = timedelta()
    stopped: str = ""
