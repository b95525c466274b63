"""What the holder of a candidate's link can do now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from eqsr.instruments.catalogue import Instrument
from eqsr.invitations.models import Invitation
from eqsr.sittings.models import Sitting
from eqsr.sittings.parts import SittingPart
from eqsr.sittings.standing import Standing


@dataclass(frozen=True)
class Taking:
    """An invitation and one of its parts: the next one, the last one taken, or the one asked for.

    ``answers``: item number -> value, as stored. ``closes_at``: the deadline to start or, once
    started, to finish. ``standing`` is that of the part while any part is open.
    """

    invitation: Invitation
    parts: tuple[SittingPart, ...]
    part: SittingPart
    standing: Standing
    closes_at: datetime
    answers: Mapping[int, int]

    @property
    def instrument(self) -> Instrument:
        """The part's instrument."""
        return self.part.instrument

    @property
    def sitting(self) -> Sitting | None:
        """The part's sitting; None before its start."""
        return self.part.sitting

    @property
    def number(self) -> int:
        """The part's number, counted from 1."""
        return self.parts.index(self.part) + 1

    @property
    def begun(self) -> bool:
        """Whether any part was started."""
        return any(part.sitting for part in self.parts)

    @property
    def plays(self) -> bool:
        """Whether there is a game among the parts."""
        return any(part.is_task for part in self.parts)

    @property
    def waits(self) -> list[SittingPart]:
        """The parts that were not started and have a time limit."""
        return [part for part in self.parts if part.timed and part.sitting is None]

    @property
    def minutes_left(self) -> int:
        """Duration of the unfinished parts, in whole minutes."""
        return sum(part.instrument.minutes for part in self.parts if not part.finished)

    @property
    def time_factor(self) -> float:
        """The factor for extra time that was chosen last; 1 before the first start."""
        sittings = [part.sitting for part in self.parts if part.sitting]
        return sittings[-1].time_factor if sittings else 1.0

    @property
    def total(self) -> int:
        """Number of items in the questionnaire."""
        return len(self.instrument.items)

    @property
    def choices(self) -> list[tuple[int, str]]:
        """(value, label) of each answer option."""
        return [(option.value, option.label) for option in self.instrument.options]

    @property
    def missing(self) -> list[int]:
        """Numbers of the items without an answer, in the order of presentation."""
        return [item.number for item in self.instrument.items if item.number not in self.answers]
