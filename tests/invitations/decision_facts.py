"""What a decision is made from: an application in a stage, and a rule of the job."""

from datetime import UTC, datetime, timedelta

from eqsr.invitations.decisions import Snapshot, StageRule
from eqsr.smartrecruiters.types.candidates import StatusChange
from eqsr.smartrecruiters.types.stages import Stage

START = datetime(2026, 5, 1, 9, tzinfo=UTC)
WANTED = Stage("IN_REVIEW", "Assessment")
OTHER = Stage("INTERVIEW")
LATER = START + timedelta(days=1)


def history(*moves: tuple[int, Stage]) -> tuple[StatusChange, ...]:
    """Moves as (minutes after START, stage)."""
    return tuple(
        StatusChange(START + timedelta(minutes=minute), stage.status, stage.sub_status)
        for minute, stage in moves
    )


def reading(stage=WANTED, moves=((10, WANTED),), email="ada@example.org", just_moved=True):
    return Snapshot(stage, history(*moves), email, just_moved, at=LATER)


def watch(**changes):
    facts = {"stage": WANTED, "since": START, "job_open": True, "invited_on": None} | changes
    return StageRule(**facts)
