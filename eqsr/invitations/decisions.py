"""Decide from a snapshot whether to invite an application. No database, no network."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from eqsr.activity.kinds import ActivityKind
from eqsr.core.email_addresses import usable_address
from eqsr.invitations.snapshot import Snapshot, StageRule

# SmartRecruiters' clock may be this far behind ours: a move right after connecting must count.
CLOCK_SKEW = timedelta(minutes=2)
# A start of counting that lies before every possible move.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Decision:
    """Whether to invite; ``kind`` is the reason recorded in the activity log.

    ``look_again``: when to decide again, if the grace period is still running.
    """

    invite: bool
    kind: ActivityKind
    look_again: datetime | None = None

    @property
    def outcome(self) -> str:
        """What came of an event, for operators."""
        return "invited" if self.invite else self.kind.replace("_", " ")


INVITE = Decision(True, ActivityKind.INVITATION_MADE)
ALREADY = Decision(False, ActivityKind.ALREADY_INVITED)


def decide(rule: StageRule, snapshot: Snapshot) -> Decision:
    """Decide whether to invite now; of several reasons against it, return the first.

    Invite if the application is in the stage now, moved there after moves began to count, was not
    invited before, has a usable email address, the grace period has ended, and our job and the
    SmartRecruiters job take candidates.
    """
    if rule.invited_on is not None:
        return ALREADY
    if snapshot.stage != rule.stage:
        return _no(_elsewhere(rule, snapshot))
    if not rule.job_open:
        return _no(ActivityKind.JOB_NOT_OPEN)
    if rule.stopped:
        return _no(ActivityKind.JOB_TAKES_NOBODY)
    if not _moved_while_watching(rule, snapshot):
        return _no(ActivityKind.MOVED_BEFORE_CONNECTING)
    if not (snapshot.email or "").strip():
        return _no(ActivityKind.NO_EMAIL)
    if usable_address(snapshot.email) is None:
        return _no(ActivityKind.BAD_EMAIL)
    due_at = _due_at(rule, snapshot)
    return INVITE if due_at <= snapshot.at else Decision(False, ActivityKind.GRACE_BEGUN, due_at)


def _elsewhere(rule: StageRule, snapshot: Snapshot) -> ActivityKind:
    """The reason for an application outside the stage: never there, left early, or left later."""
    came, left = snapshot.came_into(rule.stage), snapshot.left(rule.stage)
    if came is None or came < rule.since - CLOCK_SKEW:
        return ActivityKind.NOT_IN_STAGE
    soon = left is not None and left - came < rule.grace
    return ActivityKind.LEFT_IN_GRACE if soon else ActivityKind.LEFT_STAGE


def _due_at(rule: StageRule, snapshot: Snapshot) -> datetime:
    """When the grace period ends, counted from the move or, without a history, from the event."""
    if snapshot.since is not None:
        return snapshot.since + rule.grace if rule.grace else snapshot.at
    return snapshot.at if snapshot.waited else snapshot.at + rule.grace


def _moved_while_watching(rule: StageRule, snapshot: Snapshot) -> bool:
    """Whether the move counts: by the history's date or, without one, if an event reported it."""
    if rule.since <= EPOCH:
        return True
    if snapshot.since is None:
        return snapshot.just_moved
    return snapshot.since >= rule.since - CLOCK_SKEW


def _no(kind: ActivityKind) -> Decision:
    return Decision(False, kind)
