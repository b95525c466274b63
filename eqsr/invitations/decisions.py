"""Whether an application is to be invited, decided from what was read. No database, no network."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from eqsr.mail.addresses import usable_address
from eqsr.smartrecruiters.types import Stage, StatusChange

# How far SmartRecruiters' clock may be behind ours: a move right after connecting must count.
SKEW = timedelta(minutes=2)


@dataclass(frozen=True)
class Reading:
    """An application as SmartRecruiters has it now. ``history`` is oldest first, and empty when
    it could not be read. ``just_moved``: an event told of this very move."""

    stage: Stage
    history: tuple[StatusChange, ...]
    email: str | None
    just_moved: bool

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


@dataclass(frozen=True)
class Watch:
    """A stage link, and what is already known about the application under it."""

    stage: Stage
    since: datetime
    job_open: bool
    invited_on: datetime | None


@dataclass(frozen=True)
class Decision:
    """``invite``, or ``kind``: the ledger's word for why not."""

    invite: bool
    kind: str


INVITE = Decision(True, "invitation_made")


def decide(watch: Watch, reading: Reading) -> Decision:
    """The one decision of the product; the first reason that holds is the one that is told.

    Nobody is invited who is not in the stage now, who was there before the job was connected,
    who was invited before, or who can't be reached by mail.
    """
    if watch.invited_on is not None:
        return _no("already_invited")
    if reading.stage != watch.stage:
        passed = reading.came_into(watch.stage)
        passed_through = passed is not None and passed >= watch.since - SKEW
        return _no("left_stage" if passed_through else "not_in_stage")
    if not watch.job_open:
        return _no("job_not_open")
    if not _moved_while_watching(watch, reading):
        return _no("moved_before_connecting")
    if not (reading.email or "").strip():
        return _no("no_email")
    if usable_address(reading.email) is None:
        return _no("bad_email")
    return INVITE


def _moved_while_watching(watch: Watch, reading: Reading) -> bool:
    """By the history where it tells; else only the word of an event counts."""
    if reading.since is None:
        return reading.just_moved
    return reading.since >= watch.since - SKEW


def _no(kind: str) -> Decision:
    return Decision(False, kind)
