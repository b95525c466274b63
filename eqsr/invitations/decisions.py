"""Whether an application is to be invited, decided from what was read. No database, no network."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from eqsr.activity.kinds import ActivityKind
from eqsr.core.email_addresses import usable_address
from eqsr.smartrecruiters.types import Stage, StatusChange

# How far SmartRecruiters' clock may be behind ours: a move right after connecting must count.
CLOCK_SKEW = timedelta(minutes=2)

# A beginning before every move.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Snapshot:
    """An application as SmartRecruiters had it at a moment. ``history`` is oldest first, and empty
    when it could not be read. ``just_moved``: an event told of this very move. ``waited``: the
    time to wait after that event is over."""

    stage: Stage
    history: tuple[StatusChange, ...]
    email: str | None
    just_moved: bool
    at: datetime
    waited: bool = False

    @property
    def since(self) -> datetime | None:
        """When the application came into the stage where it is, if the history tells."""
        return self.came_into(self.stage)

    def came_into(self, stage: Stage) -> datetime | None:
        """The latest time that the application came into ``stage``."""
        times = [
            change.changed_on
            for change in self.history
            if Stage(change.status, change.sub_status) == stage
        ]
        return max(times, default=None)

    def left(self, stage: Stage) -> datetime | None:
        """When the application moved on, after it came into ``stage`` for the last time."""
        came = self.came_into(stage)
        times = [one.changed_on for one in self.history if came and one.changed_on > came]
        return min(times, default=None)


@dataclass(frozen=True)
class StageRule:
    """A stage link, and what is already known about the application under it.

    Moves before ``since`` do not count; since EVER all do, also one of unknown date. ``grace`` is
    how long to wait after a move, in case it is taken back.
    """

    stage: Stage
    since: datetime
    job_open: bool
    invited_on: datetime | None
    grace: timedelta = timedelta()


@dataclass(frozen=True)
class Decision:
    """``kind`` is what is logged: the invitation, or why there is none. ``look_again``: when to
    decide anew."""

    invite: bool
    kind: ActivityKind
    look_again: datetime | None = None

    @property
    def outcome(self) -> str:
        """What came of an event, for operators."""
        return "invited" if self.invite else self.kind.replace("_", " ")


INVITE = Decision(True, ActivityKind.INVITATION_MADE)
ALREADY = Decision(False, ActivityKind.ALREADY_INVITED)


def decide(watch: StageRule, reading: Snapshot) -> Decision:
    """The one decision of the product; the first reason that holds is the one that is told.

    Nobody is invited who is not in the stage now, who was there before moves count, who was
    invited before, or who can't be reached by mail; and nobody before the time to wait is over.
    """
    if watch.invited_on is not None:
        return ALREADY
    if reading.stage != watch.stage:
        return _no(_elsewhere(watch, reading))
    if not watch.job_open:
        return _no(ActivityKind.JOB_NOT_OPEN)
    if not _moved_while_watching(watch, reading):
        return _no(ActivityKind.MOVED_BEFORE_CONNECTING)
    if not (reading.email or "").strip():
        return _no(ActivityKind.NO_EMAIL)
    if usable_address(reading.email) is None:
        return _no(ActivityKind.BAD_EMAIL)
    ripe = _due_at(watch, reading)
    return INVITE if ripe <= reading.at else Decision(False, ActivityKind.GRACE_BEGUN, ripe)


def _elsewhere(watch: StageRule, reading: Snapshot) -> ActivityKind:
    """Why somebody who is not in the stage is not invited: have they been there?"""
    came, left = reading.came_into(watch.stage), reading.left(watch.stage)
    if came is None or came < watch.since - CLOCK_SKEW:
        return ActivityKind.NOT_IN_STAGE
    soon = left is not None and left - came < watch.grace
    return ActivityKind.LEFT_IN_GRACE if soon else ActivityKind.LEFT_STAGE


def _due_at(watch: StageRule, reading: Snapshot) -> datetime:
    """When waiting ends: counted from the move or, without a history, from the event."""
    if reading.since is not None:
        return reading.since + watch.grace if watch.grace else reading.at
    return reading.at if reading.waited else reading.at + watch.grace


def _moved_while_watching(watch: StageRule, reading: Snapshot) -> bool:
    """By the history where it tells; else only the word of an event counts."""
    if watch.since <= EPOCH:
        return True
    if reading.since is None:
        return reading.just_moved
    return reading.since >= watch.since - CLOCK_SKEW


def _no(kind: ActivityKind) -> Decision:
    return Decision(False, kind)
