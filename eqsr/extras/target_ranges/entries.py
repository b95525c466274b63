"""A target range as a person enters it, and what is wrong with it."""

from dataclasses import dataclass

from eqsr.core.messages import N_

MAX_REASON_LENGTH = 500


@dataclass(frozen=True)
class RangeEntry:
    """A target range to store: stens ``least`` to ``most``, and the reason."""

    least: int
    most: int
    reason: str

    @property
    def problem(self) -> str:
        """A sentence for the user if the range is invalid, otherwise empty."""
        if not 1 <= self.least <= self.most <= 10:
            return N_("The range has to begin at or below the sten where it ends.")
        if (self.least, self.most) == (1, 10):
            return N_("From 1 to 10 is everybody. Narrow the range, or leave the scale out.")
        if not self.reason:
            return N_("Say why the work needs it. Without a reason the range is not kept.")
        if len(self.reason) > MAX_REASON_LENGTH:
            return N_("Say it in at most 500 characters.")
        return ""
