"""The parts of an assessment, each with its sitting once it was started."""

from dataclasses import dataclass

from eqsr.instruments import catalogue, tasks
from eqsr.instruments.catalogue import Instrument
from eqsr.sittings.models import Sitting
from eqsr.sittings.records import instrument_of


@dataclass(frozen=True)
class SittingPart:
    """A part of the assessment: an instrument, and its sitting once it was started."""

    instrument: Instrument
    sitting: Sitting | None

    @property
    def finished(self) -> bool:
        """Whether the part is finished and scored."""
        return self.sitting is not None and self.sitting.finished_at is not None

    @property
    def underway(self) -> bool:
        """Whether the part was started and is not finished."""
        return self.sitting is not None and not self.finished

    @property
    def is_task(self) -> bool:
        """Whether the part is a game."""
        return self.instrument.kind == "task"

    @property
    def timed(self) -> bool:
        """Whether the part has a time limit, which extra time would stretch."""
        return self.is_task and tasks.timed(self.instrument)


def part_of(instrument_id: str, sitting: Sitting | None, language: str) -> SittingPart:
    """The part: in its sitting's version and language, or before its start in ``language``."""
    if sitting is not None:
        return SittingPart(instrument_of(sitting), sitting)
    return SittingPart(catalogue.instrument(instrument_id, language=language), None)
