"""When SmartRecruiters' answer may be older than the event that announced a move.

An event can arrive before SmartRecruiters' own reads show the change. Then the application is read
again a few times within LONGEST_LAG of the event, and nothing is decided until one of the reads
shows the move or the time is over. Pure functions: no database, no network.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from eqsr.invitations.snapshot import Snapshot
from eqsr.outbox.handlers import Reschedule
from eqsr.smartrecruiters.types.stages import Stage

# Ages of an event, in seconds, at which a read that lags behind it is repeated.
LOOK_AT_AGES = (2.0, 5.0, 15.0, 40.0)
# A move that the history dates this long before the event can't be the one that it announced. Wide
# enough for deliveries that are slow and clocks that differ.
LONGEST_LAG = timedelta(minutes=2)


class ReadLags(Reschedule):
    """The event is ahead of what SmartRecruiters answers, so the application is read again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds, "SmartRecruiters does not show the move yet; read again")


def reported_at(received_at: datetime, signed_at: datetime | None) -> datetime:
    """Return when an event was reported, by its arrival and the time at which it was signed.

    An event that was signed long before it arrived was delivered late: no read lags behind it any
    more. Within LONGEST_LAG the arrival counts, because the signed time is of another clock.
    """
    if signed_at is not None and signed_at < received_at - LONGEST_LAG:
        return signed_at
    return received_at


def seconds_to_next_look(age: timedelta) -> float | None:
    """Return how long to wait before the next read for an event of this ``age``.

    None if the last read was due already: what it shows is believed then. An event that waited in
    a backlog, ours or SmartRecruiters', is older than any lag, so it is read once.
    """
    seconds = age.total_seconds()
    return next((at - seconds for at in LOOK_AT_AGES if at > seconds), None)


@dataclass(frozen=True)
class Known:
    """What was read of an application before: its stage, since when it was there, and when read."""

    stage: Stage
    since: datetime | None
    read_at: datetime


def is_behind(snapshot: Snapshot, reported_at: datetime, known: Known | None) -> bool:
    """Whether the snapshot may be older than the move that an event reported at ``reported_at``.

    ``known`` is None for an application that was never read. A snapshot that differs from it shows
    a move, which may even be a later one. An unchanged one is behind, unless the application was
    read since the event arrived and showed a change as young as the event: then the move has been
    acted on already.
    """
    if known is not None:
        if (known.stage, known.since) != (snapshot.stage, snapshot.since):
            return False
        if known.read_at < reported_at:
            return True
    latest = max((change.changed_on for change in snapshot.history), default=None)
    # Without a history nothing tells, so the read is believed.
    return latest is not None and latest < reported_at - LONGEST_LAG
